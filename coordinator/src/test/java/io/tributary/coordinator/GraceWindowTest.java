package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GraceWindowTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final GraceWindow grace = new GraceWindow(2, 2);
  private final Participant slow = new Participant(1, "slow", 0);

  /** A round of fragment 0 that begins at one second and has its quorum at another. */
  private void round(long madeAt, long quorumAt) {
    grace.made(0, madeAt * SECOND);
    grace.quorum(0, quorumAt * SECOND);
  }

  @Test
  void nobodyIsTooLateBeforeARoundIsMeasured() {
    grace.quorum(0, 0);
    assertThat(grace.overBecause(slow, 0, 1_000_000 * SECOND)).isNull();
  }

  @Test
  void whoIsAtWorkGetsAMultipleOfARound() {
    round(100, 110);
    assertThat(grace.overBecause(slow, 0, 130 * SECOND - 1)).isNull();
    assertThat(grace.overBecause(slow, 0, 130 * SECOND))
        .isEqualTo("slow: at work, but 20.0 s behind the quorum, where a round takes 10.0 s");
  }

  @Test
  void whatIsWaitedForDoesntLengthenARound() {
    round(100, 110);
    round(130, 140);
    round(160, 170);
    assertThat(grace.overBecause(slow, 0, 190 * SECOND)).contains("a round takes 10.0 s");
  }

  @Test
  void theMedianIsOfTheLatestRounds() {
    round(0, 1000);
    for (int i = 1; i <= 15; i++) {
      round(2000L * i, 2000L * i + 4);
    }
    assertThat(grace.overBecause(slow, 0, 30_012 * SECOND)).contains("a round takes 4.0 s");
  }

  @Test
  void onlyTheFirstCallForAVersionCounts() {
    round(100, 110);
    grace.quorum(0, 129 * SECOND);
    assertThat(grace.overBecause(slow, 0, 130 * SECOND)).isNotNull();
  }

  @Test
  void aFragmentWithoutItsQuorumWaits() {
    round(100, 110);
    assertThat(grace.overBecause(slow, 1, 1000 * SECOND)).isNull();
  }

  @Test
  void aSecondIsTheLeast() {
    grace.made(0, 0);
    grace.quorum(0, 1000);
    assertThat(grace.overBecause(slow, 0, SECOND)).isNull();
    assertThat(grace.overBecause(slow, 0, SECOND + 1000)).isNotNull();
  }

  @Test
  void whoComesBackGetsItsTimeFromThen() {
    round(100, 110);
    slow.connected("slow", new FakeLink("slow"), 125 * SECOND);
    assertThat(grace.overBecause(slow, 0, 144 * SECOND)).isNull();
    assertThat(grace.overBecause(slow, 0, 145 * SECOND)).isNotNull();
  }
}
