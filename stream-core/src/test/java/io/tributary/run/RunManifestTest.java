package io.tributary.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import org.junit.jupiter.api.Test;

class RunManifestTest {
  private static final RunManifest GOOD = TestModels.manifest(3, 2);

  private static RunManifest with(
      int format,
      String run,
      int participants,
      int quorum,
      float mixing,
      float rate,
      float moment) {
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
        rate,
        moment,
        "raw32",
        "raw32",
        GOOD.schema());
  }

  @Test
  void boundsAreNamed() {
    String run = GOOD.run();
    refused("manifest format: expected 1, found 2", 2, run, 1, 1, 0.5f, 1, 0);
    refused("run: expected 32 hexadecimal digits, found abc", 1, "abc", 1, 1, 0.5f, 1, 0);
    refused("agents: expected 1 to 4096, found 0", 1, run, 0, 0, 0.5f, 1, 0);
    refused("agents: expected 1 to 4096, found 4097", 1, run, 4097, 1, 0.5f, 1, 0);
    refused("quorum: expected 1 to the number of agents, 3, found 0", 1, run, 3, 0, 0.5f, 1, 0);
    refused("quorum: expected 1 to the number of agents, 3, found 4", 1, run, 3, 4, 0.5f, 1, 0);
    refused("alpha: expected 0 to 1, found -0.1", 1, run, 1, 1, -0.1f, 1, 0);
    refused("alpha: expected 0 to 1, found 1.1", 1, run, 1, 1, 1.1f, 1, 0);
    refused("alpha: expected 0 to 1, found NaN", 1, run, 1, 1, Float.NaN, 1, 0);
    refused("outer-lr: expected above 0, at most 10, found 0.0", 1, run, 1, 1, 0, 0, 0);
    refused("outer-lr: expected above 0, at most 10, found 11.0", 1, run, 1, 1, 0, 11, 0);
    refused("outer-momentum: expected 0 or more, below 1, found 1.0", 1, run, 1, 1, 0, 1, 1);
    refused(
        "outer-momentum: expected 0 or more, below 1, found NaN", 1, run, 1, 1, 0, 1, Float.NaN);
  }

  @Test
  void theBoundsThemselvesAreAllowed() {
    assertThatCode(() -> with(1, GOOD.run(), 4096, 1, 0, 10, 0)).doesNotThrowAnyException();
    assertThatCode(() -> with(1, GOOD.run(), 1, 1, 1, Float.MIN_VALUE, 0.999f))
        .doesNotThrowAnyException();
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
      float rate,
      float moment) {
    assertThatThrownBy(() -> with(format, run, participants, quorum, mixing, rate, moment))
        .isInstanceOf(TributaryException.class)
        .hasMessage(text);
  }
}
