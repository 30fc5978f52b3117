package io.tributary.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.bench.synthetic.SyntheticTrainerProvider;
import io.tributary.error.TributaryException;
import io.tributary.random.SeededRandom;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code bench chaos}; a failure prints the seed and what had happened. */
class ChaosRunTest {
  @RegisterExtension final SeededRandom random = new SeededRandom();
  @TempDir private Path folder;

  private ChaosPlan plan(long seed, Set<FaultKind> faults) {
    return new ChaosPlan(
        seed,
        Duration.ofSeconds(10),
        2,
        faults,
        Duration.ofMillis(900),
        SyntheticTrainerProvider.NAME,
        Duration.ofMillis(40),
        "e3m0",
        folder);
  }

  /** All faults but that of the disk, which needs a file system of its own. */
  @Test
  void aRunThatSuffersEndsWithTheBitsOfOneThatDoesNot() {
    long seed = random.get().nextInt(1 << 20);
    var story = new StringWriter();
    ChaosFigures figures;
    try (var run =
        new ChaosRun(
            plan(seed, EnumSet.complementOf(EnumSet.of(FaultKind.DISK_FULL))),
            new PrintWriter(story))) {
      figures = run.run();
    }
    String what = "seed " + seed + "\n" + story;
    assertThat(figures.bitEqual()).as(what).isTrue();
    assertThat(figures.contributionsLost()).as(what).isZero();
    assertThat(figures.exclusions()).as(what).isEmpty();
    assertThat(figures.leakedBuffers()).as(what).isZero();
    assertThat(figures.endedByThemselves()).as(what).isEmpty();
    assertThat(figures.rows()).as(what).isNotEmpty();
    assertThat(figures.rounds()).isPositive();
    assertThat(figures.minutes() * 60).isBetween(4.0, 11.0);
  }

  /** What a run of real training is sized by. */
  @Test
  void aShortRunTellsHowLongAStepTakes() {
    ChaosPlan plan = plan(1, EnumSet.allOf(FaultKind.class));
    assertThat(ChaosPlan.stepTime(Duration.ofSeconds(12), 100))
        .as("two versions each 24 steps")
        .isEqualTo(Duration.ofMillis(10));
    assertThat(plan.withStepTime(Duration.ofNanos(2_500_000)).steps()).isEqualTo(4000);
    Duration found;
    try (var run = new ChaosRun(plan.withStepTime(Duration.ofMillis(4)).pilot(), silent())) {
      found = run.stepTime();
    }
    assertThat(found).isGreaterThanOrEqualTo(Duration.ofMillis(3));
  }

  private static PrintWriter silent() {
    return new PrintWriter(Writer.nullWriter());
  }

  @Test
  void theSameSeedDrawsTheSameFaults() {
    ChaosPlan plan = plan(7, EnumSet.allOf(FaultKind.class));
    var one = new FaultSource(plan);
    var other = new FaultSource(plan);
    for (int i = 0; i < 100; i++) {
      assertThat(one.pause()).isEqualTo(other.pause());
      Fault fault = one.next();
      assertThat(fault).isEqualTo(other.next());
      assertThat(fault.agent()).isBetween(0, 1);
    }
  }

  @Test
  void kindsAreNamedAndOthersRefused() {
    assertThat(FaultKind.parse(FaultKind.labels())).containsExactly(FaultKind.values());
    assertThat(FaultKind.parse("half-open, kill"))
        .containsExactly(FaultKind.KILL, FaultKind.HALF_OPEN);
    assertThatThrownBy(() -> FaultKind.parse("kill,flood"))
        .isInstanceOf(TributaryException.class)
        .hasMessageStartingWith("--faults: expected some of kill,coordinator-kill,")
        .hasMessageEndingWith("found 'flood'");
  }
}
