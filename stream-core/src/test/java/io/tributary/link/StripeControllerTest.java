package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The number of connections over networks that are formulas, by a clock that is a number. */
class StripeControllerTest {
  private static final long LOOK_NANOS = 250_000_000L;
  private static final double PER_CONNECTION = 1e6;

  private long now = 77;
  private long bytes;
  private int open = 1;

  /** Lets seconds pass on a network whose rate depends on the number of connections. */
  private void pass(StripeController controller, double seconds, IntToDoubleFunction rate) {
    for (int i = 0; i < seconds * 1e9 / LOOK_NANOS; i++) {
      now += LOOK_NANOS;
      bytes += (long) (rate.applyAsDouble(open) * LOOK_NANOS / 1e9);
      controller.look(now, bytes, false, open);
      open = controller.wanted();
    }
  }

  private StripeController controller(int least, int most) {
    open = least;
    bytes = 0;
    return new StripeController(new StripeRange(least, most), false, now);
  }

  @Test
  void connectionsThatAreCappedOneByOneBecomeAsManyAsMayBe() {
    StripeController controller = controller(1, 8);
    pass(controller, 30, n -> n * PER_CONNECTION);
    assertThat(controller.wanted()).isEqualTo(8);
    controller = controller(1, 6);
    pass(controller, 30, n -> n * PER_CONNECTION);
    assertThat(controller.wanted()).isEqualTo(6);
  }

  @Test
  void whereTheNetworkEndsTheyEnd() {
    StripeController controller = controller(1, 64);
    pass(controller, 60, n -> Math.min(n, 4) * PER_CONNECTION);
    assertThat(controller.wanted()).isEqualTo(4);
  }

  @Test
  void whatGainsNothingIsGivenBackAndAskedForMoreAndMoreSeldom() {
    StripeController controller = controller(1, 8);
    int tries = 0;
    double tried = 0;
    int before = 1;
    for (int i = 0; i < 4 * 3600; i++) {
      pass(controller, 0.25, n -> PER_CONNECTION);
      tries += before == 1 && open == 2 ? 1 : 0;
      tried += open == 2 ? 0.25 : 0;
      before = open;
    }
    assertThat(open).isOne();
    // After 1, 2, 4, 8, 16, 16 … minutes of an hour.
    assertThat(tries).isBetween(6, 8);
    assertThat(tried).isLessThan(tries * 3.5);
  }

  @Test
  void aGainJustBelowATenthIsNoGain() {
    StripeController controller = controller(1, 8);
    pass(controller, 30, n -> n == 1 ? PER_CONNECTION : 1.09 * PER_CONNECTION);
    assertThat(controller.wanted()).isOne();
    pass(controller(1, 2), 30, n -> n == 1 ? PER_CONNECTION : 1.12 * PER_CONNECTION);
    assertThat(open).isEqualTo(2);
  }

  @Test
  void aLinkWithPausesIsLeftAlone() {
    StripeController controller = controller(1, 8);
    for (int i = 0; i < 100; i++) {
      pass(controller, 1.5, n -> n * PER_CONNECTION);
      pass(controller, 0.25, n -> 100);
    }
    assertThat(controller.wanted()).isOne();
  }

  @Test
  void buffersThatFillAtFirstAreNoBaseline() {
    StripeController controller = controller(1, 8);
    pass(controller, 2, n -> 5 * PER_CONNECTION);
    pass(controller, 1, n -> 2 * PER_CONNECTION);
    pass(controller, 30, n -> n * PER_CONNECTION);
    assertThat(controller.wanted()).isEqualTo(8);
  }

  @Test
  void ratesThatNeverAgreeAreTakenInTheEnd() {
    StripeController controller = controller(1, 2);
    for (int i = 0; i < 6; i++) {
      assertThat(controller.wanted()).isOne();
      pass(controller, 1, i % 2 == 0 ? n -> PER_CONNECTION : n -> 2 * PER_CONNECTION);
    }
    assertThat(controller.wanted()).isEqualTo(2);
    for (int i = 0; i < 7; i++) {
      pass(controller, 1, i % 2 == 0 ? n -> PER_CONNECTION : n -> 2 * PER_CONNECTION);
    }
    assertThat(controller.wanted()).isOne();
  }

  @Test
  void bytesThatWaitForRoomAreNoPause() {
    StripeController controller = controller(1, 8);
    for (int i = 1; i <= 4 * 30; i++) {
      now += LOOK_NANOS;
      bytes += i % 2 == 0 ? (long) (open * PER_CONNECTION) : 0;
      controller.look(now, bytes, true, open);
      open = controller.wanted();
    }
    assertThat(open).isEqualTo(8);
  }

  @Test
  void longRoundTripsTakeLongMeasurements() {
    StripeController controller = controller(1, 8);
    controller.roundTrip(500_000_000L);
    pass(controller, 5.75, n -> n * PER_CONNECTION);
    assertThat(controller.wanted()).isOne();
    pass(controller, 1, n -> n * PER_CONNECTION);
    assertThat(controller.wanted()).isEqualTo(2);
  }

  @Test
  void aNewConnectionThatIsSlowAtFirstIsGivenTime() {
    StripeController controller = controller(1, 2);
    pass(controller, 3.25, n -> PER_CONNECTION);
    assertThat(open).isEqualTo(2);
    pass(controller, 1, n -> PER_CONNECTION);
    pass(controller, 5, n -> 2 * PER_CONNECTION);
    assertThat(open).isEqualTo(2);
  }

  @Test
  void refusedConnectionsAreAskedForAgainLater() {
    StripeController controller = controller(4, 4);
    open = 1;
    controller.refused(now, 1);
    assertThat(controller.wanted()).isOne();
    pass(controller, 59, n -> 0);
    assertThat(controller.wanted()).isOne();
    pass(controller, 2, n -> 0);
    assertThat(controller.wanted()).isEqualTo(4);
  }

  @Test
  void aFixedNumberStays() {
    var controller = new StripeController(new StripeRange(1, 8), true, now);
    pass(controller, 60, n -> n * PER_CONNECTION);
    assertThat(controller.wanted()).isOne();
  }
}
