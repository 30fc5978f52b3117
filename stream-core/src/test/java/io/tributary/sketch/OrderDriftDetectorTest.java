package io.tributary.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderDriftDetectorTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomOrderRaisesNoAlarm(long seed) {
    var random = new Random(seed);
    var squares = new OrderDriftDetector();
    var rareLargeOnes = new OrderDriftDetector();
    for (int i = 0; i < 20_000; i++) {
      double normal = random.nextGaussian();
      squares.add(normal * normal);
      rareLargeOnes.add(random.nextInt(1000) == 0 ? 1e6 : normal);
      if (i % 1000 == 0) {
        assertThat(squares.score()).isLessThan(OrderDriftDetector.ALARM);
        assertThat(rareLargeOnes.score()).isLessThan(OrderDriftDetector.ALARM);
      }
    }
  }

  @Test
  void oneOutlierAtTheBeginningRaisesNoAlarm() {
    var detector = new OrderDriftDetector();
    detector.add(1e9);
    var random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      detector.add(random.nextGaussian());
    }
    assertThat(detector.score()).isLessThan(OrderDriftDetector.ALARM);
  }

  @Test
  void aChangeOfTheMeanRaisesOne() {
    var detector = new OrderDriftDetector();
    var random = new Random(2);
    for (int i = 0; i < 3000; i++) {
      detector.add(random.nextGaussian() + (i < 1000 ? 0 : 0.5));
    }
    assertThat(detector.score()).isGreaterThan(OrderDriftDetector.ALARM);
  }

  @Test
  void aSlowSlopeRaisesOne() {
    var detector = new OrderDriftDetector();
    var random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      detector.add(random.nextGaussian() + i * 1e-4);
    }
    assertThat(detector.score()).isGreaterThan(OrderDriftDetector.ALARM);
  }

  @Test
  void aRiseIsNoDrop() {
    for (int direction : new int[] {-1, 1}) {
      var detector = new OrderDriftDetector();
      var random = new Random(5);
      for (int i = 0; i < 3000; i++) {
        detector.add(random.nextGaussian() + (i < 1000 ? 0 : 0.5 * direction));
      }
      assertThat(detector.score()).isGreaterThan(OrderDriftDetector.ALARM);
      if (direction < 0) {
        assertThat(detector.dropScore()).isEqualTo(detector.score());
      } else {
        assertThat(detector.dropScore()).isLessThan(OrderDriftDetector.ALARM);
      }
    }
  }

  @Test
  void twoConstantsInTurnHaveAnOrderAndOneHasNone() {
    var step = new OrderDriftDetector();
    var constant = new OrderDriftDetector();
    for (int i = 0; i < 1000; i++) {
      step.add(i < 500 ? 1 : 2);
      constant.add(0.1);
    }
    assertThat(step.score()).isGreaterThan(OrderDriftDetector.ALARM);
    assertThat(constant.score()).isZero();
  }

  @Test
  void fewNumbersTellNothing() {
    var detector = new OrderDriftDetector();
    assertThat(detector.score()).isZero();
    for (int i = 0; i < 40; i++) {
      detector.add(i < 20 ? 0 : 100);
    }
    assertThat(detector.score()).isZero();
  }

  @Test
  void restoredStateGoesOnAlike() {
    var random = new Random(4);
    var first = new OrderDriftDetector();
    var second = new OrderDriftDetector();
    for (int i = 0; i < 777; i++) {
      first.add(random.nextGaussian());
    }
    second.restore(first.state());
    for (int i = 0; i < 777; i++) {
      double value = random.nextGaussian() + 1;
      first.add(value);
      second.add(value);
    }
    assertThat(second.score()).isEqualTo(first.score()).isPositive();
    assertThatThrownBy(() -> second.restore(new double[3]))
        .isInstanceOf(IllegalArgumentException.class);
    second.clear();
    assertThat(second.score()).isZero();
  }
}
