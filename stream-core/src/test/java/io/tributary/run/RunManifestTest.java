package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import org.junit.jupiter.api.Test;

class RunManifestTest {
  private static final RunManifest GOOD = TestModels.manifest(3, 2);

  private static RunManifest with(
      int format, String run, int participants, int quorum, float mixing, String outer) {
    return with(format, run, participants, quorum, mixing, outer, "none");
  }

  private static RunManifest with(
      int format,
      String run,
      int participants,
      int quorum,
      float mixing,
      String outer,
      String guard) {
    return new RunManifest(
        format,
        run,
        1,
        participants,
        quorum,
        12,
        ExchangeInterval.fixed(6),
        FragmentOrder.STRIDED,
        2,
        1,
        mixing,
        0,
        outer,
        guard,
        "raw32",
        "raw32",
        GOOD.schema());
  }

  @Test
  void boundsAreNamed() {
    String run = GOOD.run();
    String outer = GOOD.outer();
    refused("manifest format: expected 4, found 3", 3, run, 1, 1, 0.5f, outer);
    refused("run: expected 32 hexadecimal digits, found abc", 4, "abc", 1, 1, 0.5f, outer);
    refused("agents: expected 1 to 4096, found 0", 4, run, 0, 0, 0.5f, outer);
    refused("agents: expected 1 to 4096, found 4097", 4, run, 4097, 1, 0.5f, outer);
    refused("quorum: expected 1 to the number of agents, 3, found 0", 4, run, 3, 0, 0.5f, outer);
    refused("quorum: expected 1 to the number of agents, 3, found 4", 4, run, 3, 4, 0.5f, outer);
    refused("alpha: expected 0 to 1, found -0.1", 4, run, 1, 1, -0.1f, outer);
    refused("alpha: expected 0 to 1, found 1.1", 4, run, 1, 1, 1.1f, outer);
    refused("alpha: expected 0 to 1, found NaN", 4, run, 1, 1, Float.NaN, outer);
    refused("outer: expected METHOD:NUMBER,..., found adam", 4, run, 1, 1, 0, "adam");
  }

  @Test
  void aGuardIsNamesAndNumbers() {
    assertThatCode(() -> with(4, GOOD.run(), 8, 8, 0, "average:1", "clip:2.5+krum:2,3+median"))
        .doesNotThrowAnyException();
    for (String guard : new String[] {"", "median mean", "clip:\n"}) {
      assertThatThrownBy(() -> with(4, GOOD.run(), 8, 8, 0, "average:1", guard))
          .hasMessageContaining("guard: expected none or NAME[:NUMBER,...]+..., found " + guard);
    }
  }

  @Test
  void theBoundsThemselvesAreAllowed() {
    assertThatCode(() -> with(4, GOOD.run(), 4096, 1, 0, "average:1")).doesNotThrowAnyException();
    assertThatCode(() -> with(4, GOOD.run(), 1, 1, 1, "nesterov:0.4,0")).doesNotThrowAnyException();
  }

  @Test
  void fragmentsAndScheduleFollow() {
    assertThat(GOOD.fragmentMap().size()).isEqualTo(3);
    assertThat(GOOD.schedule().lastVersion(0)).isEqualTo(2);
    assertThat(GOOD.schedule().exchange(1, 1)).isEqualTo(new Exchange(1, 1, 2, 3));
  }

  private static void refused(
      String text,
      int format,
      String run,
      int participants,
      int quorum,
      float mixing,
      String outer) {
    assertThatThrownBy(() -> with(format, run, participants, quorum, mixing, outer))
        .isInstanceOf(TributaryException.class)
        .hasMessage(text);
  }

  private static RunManifest timed(String h, int layerFragments, int tau, float eager) {
    return new RunManifest(
        RunManifest.FORMAT,
        GOOD.run(),
        1,
        1,
        1,
        120,
        ExchangeInterval.parse(h),
        FragmentOrder.SEQUENTIAL,
        layerFragments,
        tau,
        0.5f,
        eager,
        "average:1",
        "none",
        "raw32",
        "raw32",
        GOOD.schema());
  }

  @Test
  void oneFragmentAtATimeIsUnderWayUnlessAgentsAreEager() {
    assertThat(timed("12", 2, 3, 0).schedule().exchange(1, 1)).isEqualTo(new Exchange(1, 1, 4, 7));
    timed("13", 2, 4, 0).schedule();
    timed("13..60", 2, 4, 0).schedule();
    timed("12", 1, 11, 0).schedule();
    timed("12", 2, 11, 0.5f).schedule();
    late(timed("12", 2, 4, 0), "0 to 3, below h / fragments = 12 / 3, or eager agents, found 4");
    late(
        timed("12..60", 2, 4, 0), "0 to 3, below h / fragments = 12 / 3, or eager agents, found 4");
    late(timed("12", 1, 12, 0), "0 to h - 1, 11, found 12");
    late(timed("12", 2, 12, 1), "0 to h - 1, 11, found 12");
  }

  private static void late(RunManifest manifest, String text) {
    assertThatThrownBy(manifest::schedule)
        .isInstanceOf(TributaryException.class)
        .hasMessage("tau: expected " + text);
  }

  @Test
  void eagernessHasBounds() {
    for (float eager : new float[] {-1, 101, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> timed("12", 2, 1, eager))
          .isInstanceOf(TributaryException.class)
          .hasMessage("eager: expected 0 to 100.0, found " + eager);
    }
  }
}
