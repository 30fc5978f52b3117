package io.tributary.bench.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tributary.security.TlsProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncBenchTest {
  @TempDir private Path folder;

  /** The coordinator refuses an agent whose checksum differs, so an end at all says enough. */
  @Test
  void allAgentsHoldTheCoordinatorsBitsAndTheFiguresAddUp() {
    SyncRow row = new SyncBench(2, 8, false, 1, 0, folder).run("int4block", TlsProvider.JDK, 3);
    assertThat(row.durability()).isEqualTo("none");
    double moved = 2 * 2 * 8.0 * (1 << 20);
    assertThat(row.floatGigabytes() * row.seconds() * 1e9)
        .isCloseTo(moved, withinPercentage(0.001))
        .isCloseTo(2e9 * row.floatGigabytesUp() * row.seconds(), withinPercentage(0.001));
    // 4.25 bits of 32, up and down, and little beside them.
    assertThat(row.wireMegabytes() / 1e3 / row.floatGigabytes()).isBetween(4.25 / 32, 4.6 / 32);
    assertThat(row.cpuSecondsPerGigabyte()).isPositive();
    assertThat(row.ofLimit()).isEqualTo(row.ofLoopback()).isPositive();
    assertThat(folder.resolve("data")).doesNotExist();
  }
}
