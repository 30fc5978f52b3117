package io.tributary.bench.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.bench.cluster.LayeredModel;
import io.tributary.bench.cluster.ProcessMemory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetTest {
  @TempDir private Path folder;

  /** θ and momentum alone are 128 MiB here: twice the heap. */
  @Test
  void aModelMayBeLargerThanTheCoordinatorsHeap() {
    List<String> jvm = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+UseSerialGC");
    try (var fleet = new Fleet(folder, jvm, 3, LayeredModel.of(64, 16), 16, 2, "e3m0", null)) {
      fleet.join(3);
      fleet.exchange(2);
      ProcessMemory memory = fleet.memory();
      assertThat(memory.liveHeap()).isBetween(1L << 20, 64L << 20);
      assertThat(memory.anonymous()).isBetween(32L << 20, memory.resident());
    }
    assertThat(folder.resolve("data")).doesNotExist();
  }
}
