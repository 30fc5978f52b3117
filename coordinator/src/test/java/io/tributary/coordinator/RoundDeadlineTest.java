package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.run.RunManifest;
import io.tributary.run.TestModels;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoundDeadlineTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final RoundDeadline deadline = new RoundDeadline(4, 2);
  private final Participant slow = new Participant(1, "slow", 4, 0);
  private @Nullable Contribution held;

  /** A round of fragment 0 that begins at one second and has its quorum at another. */
  private void round(long madeAt, long quorumAt) {
    deadline.made(0, madeAt * SECOND);
    deadline.quorum(0, quorumAt * SECOND);
  }

  private @Nullable String over(int fragment, long second) {
    return deadline.overBecause(slow, held, fragment, second * SECOND);
  }

  @Test
  void nobodyIsTooLateForADayBeforeARoundIsMeasured() {
    deadline.quorum(0, 0);
    assertThat(over(0, 86_399)).isNull();
    assertThat(over(0, 86_400)).isNotNull();
  }

  @Test
  void whoIsAtWorkGetsAMultipleOfARoundFromItsBegin() {
    round(100, 110);
    assertThat(over(0, 139)).isNull();
    assertThat(over(0, 140))
        .isEqualTo(
            "slow: at work, but not done after 40.0 s; allowed: 40.0 s, 4 times the usual 10.0 s"
                + " of a round");
  }

  @Test
  void whatIsWaitedForDoesntLengthenARound() {
    round(100, 110);
    round(140, 150);
    round(180, 190);
    assertThat(over(0, 220)).contains("the usual 10.0 s");
  }

  @Test
  void aRoundInWhichAllAreLateExcludesNobodyAtOnce() {
    for (int i = 0; i < 20; i++) {
      round(100L * i, 100L * i + 10);
    }
    round(3000, 3050);
    assertThat(over(0, 3059)).as("what a round takes, behind the quorum").isNull();
    assertThat(over(0, 3060)).isNotNull();
  }

  @Test
  void onlyTheFirstCallForAVersionCounts() {
    round(100, 110);
    deadline.quorum(0, 139 * SECOND);
    assertThat(over(0, 140)).isNotNull();
  }

  @Test
  void aFragmentWithoutItsQuorumWaits() {
    round(100, 110);
    assertThat(over(1, 1000)).isNull();
  }

  @Test
  void aSecondIsTheLeast() {
    deadline.made(0, 0);
    deadline.quorum(0, 1000);
    assertThat(deadline.overBecause(slow, null, 0, SECOND - 1)).isNull();
    assertThat(deadline.overBecause(slow, null, 0, SECOND)).isNotNull();
  }

  @Test
  void whoComesBackGetsItsTimeFromThen() {
    round(100, 110);
    slow.connected("slow", new FakeLink("slow"), 0, 115 * SECOND);
    slow.worked(125 * SECOND);
    assertThat(over(0, 164)).isNull();
    assertThat(over(0, 165)).isNotNull();
  }

  @Test
  void aTransferThatHasBegunGetsItsTimeFromThen() {
    RunManifest manifest = TestModels.manifest(2, 2);
    held = new Contribution("slow", manifest.fragmentMap().fragments().get(0));
    held.takeFrom(new FakeStream(1, 0, 1, 9, false), 130 * SECOND);
    held.takeFrom(new FakeStream(1, 0, 1, 9, true), 135 * SECOND);
    round(100, 110);
    assertThat(over(0, 169)).isNull();
    assertThat(over(0, 170)).isNotNull();
  }
}
