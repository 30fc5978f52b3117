package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.random.SeededRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RatePacerTest {
  private static final long SECOND = 1_000_000_000;
  private static final long CAP = 250_000;

  @RegisterExtension final SeededRandom seeded = new SeededRandom();

  @Test
  void withoutACapNothingWaits() {
    RatePacer pacer = new RatePacer(0, 0);
    pacer.spent(Integer.MAX_VALUE);
    assertThat(pacer.waitNanos(0)).isZero();
  }

  @Test
  void aFrameIsOwedUntilTheCapHasEarnedIt() {
    RatePacer pacer = new RatePacer(CAP, 0);
    assertThat(pacer.waitNanos(0)).isZero();
    pacer.spent(5_000);
    assertThat(pacer.waitNanos(0)).isEqualTo(20_000_000);
    assertThat(pacer.waitNanos(19_999_999)).isEqualTo(1);
    assertThat(pacer.waitNanos(20_000_000)).isZero();
  }

  @Test
  void aBusyLinkCarriesExactlyTheCap() {
    Random random = seeded.get();
    RatePacer pacer = new RatePacer(CAP, 0);
    long now = 0;
    long sent = 0;
    while (now < 100 * SECOND) {
      long wait = pacer.waitNanos(now);
      if (wait > 0) {
        // Event loops wake up late, by up to 3 ms here.
        now += wait + random.nextInt(3_000_000);
      } else {
        int frame = 16 + random.nextInt(5_000);
        pacer.spent(frame);
        sent += frame;
      }
    }
    assertThat((double) sent / CAP).isBetween(99.99, 100.03);
  }

  @Test
  void afterALongPauseOnlyTheBurstIsFree() {
    RatePacer pacer = new RatePacer(CAP, 0);
    long now = Long.MAX_VALUE / 2;
    long sent = 0;
    while (pacer.waitNanos(now) == 0) {
      pacer.spent(1_000);
      sent += 1_000;
    }
    assertThat(sent).isBetween(CAP / 50, CAP / 50 + 1_000);
  }

  @Test
  void theLargestCapDoesNotOverflow() {
    RatePacer pacer = new RatePacer(100_000_000_000L, 0);
    for (long now = 0; now < 1_000 * SECOND; now += SECOND) {
      assertThat(pacer.waitNanos(now)).isNotNegative();
      pacer.spent(1 << 28);
    }
  }
}
