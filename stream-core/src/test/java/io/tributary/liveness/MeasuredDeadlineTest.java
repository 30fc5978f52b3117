package io.tributary.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MeasuredDeadlineTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final MeasuredDeadline deadline =
      new MeasuredDeadline(4, Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofHours(1));

  private void took(double... seconds) {
    for (double s : seconds) {
      deadline.took((long) (s * SECOND));
    }
  }

  @Test
  void aFirstGuessHoldsUntilSomethingIsMeasured() {
    assertThat(deadline.nanos()).isEqualTo(60 * SECOND);
    assertThat(deadline).hasToString("60.0 s, the first guess");
    took(3);
    assertThat(deadline.nanos()).isEqualTo(12 * SECOND);
    assertThat(deadline).hasToString("12.0 s, 4 times the usual 3.0 s");
  }

  @Test
  void ofFewMeasurementsTheLongestCounts() {
    took(3, 9, 2);
    assertThat(deadline.nanos()).isEqualTo(36 * SECOND);
  }

  @Test
  void ofManyTheLongestOfTenDoesnt() {
    took(2, 2, 2, 50, 2, 2, 3, 2, 2, 2, 2, 2);
    assertThat(deadline.nanos()).isEqualTo(12 * SECOND);
  }

  @Test
  void theLatestSixteenCount() {
    took(60);
    for (int i = 0; i < 100; i++) {
      took(10, 2);
      assertThat(deadline.nanos()).isEqualTo(i < 4 ? 240 * SECOND : 40 * SECOND);
    }
    for (int i = 0; i < 16; i++) {
      took(2);
    }
    assertThat(deadline.nanos()).isEqualTo(8 * SECOND);
  }

  @Test
  void itIsNeverBelowTheLeast() {
    took(0.25);
    assertThat(deadline.nanos()).isEqualTo(5 * SECOND);
    assertThat(deadline).hasToString("5.0 s, 4 times the usual 0.3 s being less");
  }

  @Test
  void anOddMeasurementLengthensItByTheMultipleAtMost() {
    took(3, 1e9);
    assertThat(deadline.nanos()).isEqualTo(48 * SECOND);
  }

  @Test
  void noHistoryMakesItLongerThanTheMost() {
    for (int i = 0; i < 100; i++) {
      deadline.took(Long.MAX_VALUE);
    }
    assertThat(deadline.nanos()).isEqualTo(3600 * SECOND);
    assertThat(deadline).hasToString("3600.0 s, 4 times the usual 3600.0 s being more");
  }

  @Test
  void aTimeThatRanBackwardsIsNone() {
    deadline.took(Long.MIN_VALUE);
    assertThat(deadline.nanos()).isEqualTo(5 * SECOND);
  }

  @Test
  void anyMultipleWillDo() {
    var odd =
        new MeasuredDeadline(
            1.5, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(9));
    odd.took(SECOND);
    assertThat(odd).hasToString("1.5 s, 1.5 times the usual 1.0 s");
    var huge =
        new MeasuredDeadline(
            1e300, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(9));
    assertThat(huge.nanos()).isEqualTo(9 * SECOND);
  }
}
