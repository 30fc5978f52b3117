package io.tributary.agent.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClientPaceTest {
  private final ClientPace pace = new ClientPace(4);

  private static long seconds(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  /** Steps of two parts: an answer of the server, and some seconds later the next part. */
  private long works(long now, int steps, double partSeconds) {
    long at = now;
    for (int step = 0; step < steps; step++) {
      for (int part = 0; part < 2; part++) {
        at += seconds(partSeconds);
        pace.heard(at);
        pace.told(at);
      }
      pace.stepEnded();
    }
    return at;
  }

  @Test
  void beforeAnythingIsMeasuredTheGuessHolds() {
    pace.placed(0, 0);
    assertThat(pace.isLate(0, seconds(60))).isFalse();
    assertThat(pace.isLate(0, seconds(60.1))).isTrue();
    assertThat(pace.lateness(seconds(61)))
        .isEqualTo("nothing of it for 61.0 s, expected it at work within 60.0 s, the first guess");
  }

  @Test
  void aProcessThatStartsInThreeSecondsHasTwelve() {
    pace.placed(3000, 0);
    long now = works(0, 5, 0.01);
    assertThat(pace.isLate(now, now + seconds(11))).isFalse();
    assertThat(pace.isLate(now, now + seconds(13))).isTrue();
    assertThat(pace.lateness(now + seconds(13))).contains("4 times the usual 3.0 s");
  }

  @Test
  void slowButSteadyIsNotLate() {
    pace.placed(1000, 0);
    pace.heard(seconds(0.1));
    long now = works(seconds(0.1), 5, 20);
    assertThat(pace.isLate(now, now + seconds(79))).isFalse();
    assertThat(pace.isLate(now, now + seconds(81))).isTrue();
    assertThat(pace.lateness(now + seconds(81))).contains("its next part within 80.0 s");
  }

  @Test
  void whoIsFastHasFiveSecondsAtLeast() {
    pace.placed(10, 0);
    long now = works(0, 5, 0.01);
    assertThat(pace.isLate(now, now + seconds(4.9))).isFalse();
    assertThat(pace.isLate(now, now + seconds(5.1))).isTrue();
  }

  @Test
  void theServersOwnTimeDoesNotCount() {
    pace.placed(10, 0);
    long now = works(0, 5, 0.01);
    // An answer took the server an hour; the client has had nothing to do.
    now += seconds(3600);
    pace.told(now);
    assertThat(pace.isLate(now - seconds(3600), now + seconds(1))).isFalse();
    works(now, 1, 0.01);
    assertThat(pace.isLate(now, now + seconds(5.2))).isTrue();
  }

  /** The server computed for others for an hour, and then looked at what had come at once. */
  @Test
  void whatWaitsToBeLookedAtCountsFromItsArrival() {
    pace.placed(10, 0);
    long now = works(0, 5, 0.01);
    for (int step = 0; step < 16; step++) {
      pace.told(now + seconds(3600));
      pace.heard(now + seconds(0.01));
      now += seconds(3600);
      pace.told(now);
      pace.stepEnded();
    }
    assertThat(pace.isLate(now, now + seconds(4.9))).isFalse();
    assertThat(pace.isLate(now, now + seconds(5.1))).isTrue();
  }

  @Test
  void aTurnThatHasJustBegunIsWaitedFor() {
    pace.placed(10, 0);
    long now = works(0, 5, 0.01) + seconds(100);
    assertThat(pace.isLate(now - seconds(1), now)).isFalse();
  }

  @Test
  void anotherProcessIsMeasuredFromTheLastSignOfTheOneBefore() {
    pace.placed(10, 0);
    long now = works(0, 5, 0.01);
    pace.placed(2000, now + seconds(4));
    pace.heard(now + seconds(4.5));
    pace.told(now + seconds(4.5));
    assertThat(pace.isLate(now + seconds(4.5), now + seconds(22))).isFalse();
    assertThat(pace.isLate(now + seconds(4.5), now + seconds(23))).isTrue();
  }

  /** A closed laptop's night lengthens the deadline by the multiple, once. */
  @Test
  void aNightCountsAsWhatWasAllowed() {
    pace.placed(10, 0);
    long now = works(0, 5, 0.01) + seconds(36_000);
    pace.heard(now);
    pace.told(now);
    pace.stepEnded();
    assertThat(pace.isLate(now, now + seconds(19))).isFalse();
    assertThat(pace.isLate(now, now + seconds(21))).isTrue();
  }

  @Test
  void placedAgainBeginsAnewWithoutAStart() {
    pace.placed(3_000, 0);
    long now = works(0, 16, 0.01) + seconds(50);
    for (int i = 0; i < 16; i++) {
      pace.placedAgain(now);
      now += seconds(0.01);
      pace.heard(now);
    }
    assertThat(pace.isLate(now, now + seconds(5.1))).isTrue();
  }

  @Test
  void anyNumberIsTakenForAStart() {
    pace.placed(Long.MAX_VALUE, 0);
    pace.heard(1);
    pace.placed(Long.MIN_VALUE, 2);
    pace.heard(3);
    assertThat(pace.isLate(3, seconds(100))).isFalse();
    assertThat(pace.isLate(3, seconds(3_601))).isTrue();
  }
}
