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
    return new RunManifest(
        format,
        run,
        1,
        participants,
        quorum,
        12,
        6,
        2,
        2,
        mixing,
        outer,
        "raw32",
        "raw32",
        GOOD.schema());
  }

  @Test
  void boundsAreNamed() {
    String run = GOOD.run();
    String outer = GOOD.outer();
    refused("manifest format: expected 2, found 1", 1, run, 1, 1, 0.5f, outer);
    refused("run: expected 32 hexadecimal digits, found abc", 2, "abc", 1, 1, 0.5f, outer);
    refused("agents: expected 1 to 4096, found 0", 2, run, 0, 0, 0.5f, outer);
    refused("agents: expected 1 to 4096, found 4097", 2, run, 4097, 1, 0.5f, outer);
    refused("quorum: expected 1 to the number of agents, 3, found 0", 2, run, 3, 0, 0.5f, outer);
    refused("quorum: expected 1 to the number of agents, 3, found 4", 2, run, 3, 4, 0.5f, outer);
    refused("alpha: expected 0 to 1, found -0.1", 2, run, 1, 1, -0.1f, outer);
    refused("alpha: expected 0 to 1, found 1.1", 2, run, 1, 1, 1.1f, outer);
    refused("alpha: expected 0 to 1, found NaN", 2, run, 1, 1, Float.NaN, outer);
    refused("outer: expected METHOD:NUMBER,..., found adam", 2, run, 1, 1, 0, "adam");
  }

  @Test
  void theBoundsThemselvesAreAllowed() {
    assertThatCode(() -> with(2, GOOD.run(), 4096, 1, 0, "average:1")).doesNotThrowAnyException();
    assertThatCode(() -> with(2, GOOD.run(), 1, 1, 1, "nesterov:0.4,0")).doesNotThrowAnyException();
  }

  @Test
  void fragmentsAndScheduleFollow() {
    assertThat(GOOD.fragmentMap().size()).isEqualTo(3);
    assertThat(GOOD.schedule().lastVersion(0)).isEqualTo(2);
    assertThat(GOOD.schedule().exchange(1, 1)).isEqualTo(new Exchange(1, 1, 2, 4));
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
}
