package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LAST = Duration.ofMillis(1500);

  @Test
  void pausesDoubleUpToTheLongestAndJitterTakesAtMostHalf() {
    BackOff backOff = new BackOff(FIRST, LAST, 1);
    for (long millis : new long[] {100, 200, 400, 800, 1500, 1500, 1500}) {
      assertThat(backOff.pause())
          .isBetween(Duration.ofMillis(millis / 2), Duration.ofMillis(millis));
    }
  }

  @Test
  void theSameSeedGivesTheSamePauses() {
    assertThat(pauses(5)).isEqualTo(pauses(5)).isNotEqualTo(pauses(6));
  }

  @Test
  void resetBeginsAgain() {
    BackOff backOff = new BackOff(FIRST, LAST, 1);
    for (int i = 0; i < 10; i++) {
      backOff.pause();
    }
    backOff.reset();
    assertThat(backOff.pause()).isLessThanOrEqualTo(FIRST);
  }

  private static Object pauses(long seed) {
    BackOff backOff = new BackOff(FIRST, LAST, seed);
    return IntStream.range(0, 10).mapToObj(i -> backOff.pause()).toList();
  }
}
