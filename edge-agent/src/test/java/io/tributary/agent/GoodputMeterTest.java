package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoodputMeterTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void nothingIsKnownBeforeAnythingHasLanded() {
    var meter = new GoodputMeter();
    assertThat(meter.bytesPerSecond()).isZero();
    meter.began(0);
    assertThat(meter.bytesPerSecond()).isZero();
    meter.landed(500, 2 * SECOND);
    assertThat(meter.bytesPerSecond()).isEqualTo(250);
  }

  @Test
  void contributionsThatWaitForEachOtherCountFromTheLandingBefore() {
    var meter = new GoodputMeter();
    meter.began(0);
    meter.began(0);
    meter.landed(100, SECOND);
    meter.landed(300, 2 * SECOND);
    assertThat(meter.bytesPerSecond()).isEqualTo((100 + 300) / 2.0);
  }

  @Test
  void theTimeWithoutAnythingUnderWayDoesntCount() {
    var meter = new GoodputMeter();
    meter.began(0);
    meter.landed(100, SECOND);
    meter.began(100 * SECOND);
    meter.landed(100, 101 * SECOND);
    assertThat(meter.bytesPerSecond()).isEqualTo(100);
  }

  @Test
  void whatALostConnectionStillReportsDoesntCount() {
    var meter = new GoodputMeter();
    meter.began(0);
    meter.lost();
    meter.landed(100, SECOND);
    assertThat(meter.bytesPerSecond()).isZero();
    meter.began(SECOND);
    meter.failed(2 * SECOND);
    meter.began(3 * SECOND);
    meter.landed(100, 4 * SECOND);
    assertThat(meter.bytesPerSecond()).isEqualTo(100);
  }
}
