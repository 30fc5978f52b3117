package io.tributary.bench.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncBenchTest {
  @TempDir private Path folder;

  /** The coordinator refuses an agent whose checksum differs, so an end at all says enough. */
  @Test
  void allAgentsHoldTheCoordinatorsBitsAndTheFiguresAddUp() {
    SyncRow row = new SyncBench(2, 8, false, 1, folder).run("int4block", 3);
    assertThat(row.durability()).isEqualTo("none");
    assertThat(row.floatGigabytes())
        .isEqualTo(2 * 2 * 8 * (1 << 20) / 1e9 / row.seconds())
        .isEqualTo(2 * row.floatGigabytesUp());
    // 4.25 bits of 32, up and down, and little beside them.
    assertThat(row.wireMegabytes() / 1e3 / row.floatGigabytes()).isBetween(4.25 / 32, 4.6 / 32);
    assertThat(row.ofLimit()).isEqualTo(row.ofLoopback()).isPositive();
    assertThat(folder.resolve("data")).doesNotExist();
  }
}
