package io.tributary.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.bench.chaos.FaultProxy;
import io.tributary.run.ModelOffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dozens of readers of one server's process, whose memory couldn't hold a copy for each. */
class ReadersBenchTest {
  private static final int READERS = 36;
  private static final int MEGABYTES = 16;

  /** The server may hold this of heap, and again of direct memory: a twelfth of all copies. */
  private static final List<String> SMALL = List.of("-Xmx48m", "-XX:MaxDirectMemorySize=48m");

  @TempDir private Path folder;

  @Test
  void readersThatLagCostLittleAndHoldNobodyUp() throws Exception {
    Path scratch = folder.resolve("readers");
    try (var bench = new ReadersBench(scratch, SMALL, MEGABYTES);
        var thin = new FaultProxy(bench.port(), 1);
        var mute = new FaultProxy(bench.port(), 2)) {
      try (var slow = LightReader.connect("slow", thin.port());
          var deaf = LightReader.connect("deaf", mute.port());
          var stalled = LightReader.stalled("stalled", bench.port())) {
        bench.join(READERS);
        slow.connected().join();
        deaf.connected().join();
        thin.slow(64 << 10);
        mute.slow(1); // no more than what its sockets and the proxy hold
        List<CompletableFuture<Long>> laggards =
            List.of(slow.fetch(), deaf.fetch(), stalled.fetch());
        bench.fetch();
        bench.fetch();
        assertThat(laggards).noneMatch(CompletableFuture::isDone);
        assertThat(stalled.arrived())
            .as("what a reader takes that asks for nothing")
            .isLessThanOrEqualTo(2L * ModelOffer.PIECE_BYTES);
        assertThat(bench.peakAnonymous()).isPositive();
      }
      assertThat(Files.readString(scratch.resolve("coordinator.log"))).doesNotContain("LEAK");
    }
    assertThat(scratch).doesNotExist();
  }
}
