package io.tributary.codecs.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockScaleTest {
  private static final int[] LARGEST_CODES = {127, 7, 64};

  @Test
  void reciprocalIsTheQuotientCorrectlyRounded() {
    for (int largestCode : LARGEST_CODES) {
      BlockScale rule = BlockScale.forLargestCode(largestCode);
      for (int scale = 0x0080; scale <= rule.largest(); scale++) {
        assertThat(BlockScale.reciprocal(scale)).isEqualTo(1f / BlockScale.value(scale));
      }
    }
    assertThat(BlockScale.reciprocal(0)).isZero();
  }

  @Test
  void multipleOfTheLargestCodeHasThatScale() {
    for (int largestCode : LARGEST_CODES) {
      BlockScale rule = BlockScale.forLargestCode(largestCode);
      for (int scale = 0x0100; scale <= rule.largest(); scale++) {
        float largest = largestCode * BlockScale.value(scale);
        if (Float.floatToRawIntBits(largest) >= rule.smallest()) {
          assertThat(rule.of(BlockScale.magnitude(largest))).isEqualTo(scale);
        }
      }
    }
  }

  @Test
  void largestMagnitudeNeverLiesBeyondTheLargestCode() {
    for (int largestCode : LARGEST_CODES) {
      BlockScale rule = BlockScale.forLargestCode(largestCode);
      // A step that meets every exponent, and significands without a pattern.
      for (int bits = rule.smallest(); bits > 0 && bits < 0x7F80_0000; bits += 9973) {
        int scale = rule.of(bits);
        assertThat(rule.accepts(scale)).isTrue();
        double multiple = (double) Float.intBitsToFloat(bits) * BlockScale.reciprocal(scale);
        assertThat(multiple).isLessThan(largestCode + 0.5);
        assertThat(largestCode * BlockScale.value(scale)).isFinite();
      }
    }
  }

  @Test
  void tinyAndNonFiniteMagnitudes() {
    BlockScale rule = BlockScale.forLargestCode(127);
    assertThat(rule.smallest()).isEqualTo(BlockScale.magnitude(0x1p-119f));
    assertThat(rule.of(rule.smallest() - 1)).isZero();
    assertThat(rule.of(rule.smallest())).isEqualTo(0x0082);
    assertThat(rule.of(0x7F7F_FFFF)).isEqualTo(rule.largest());
    assertThat(rule.of(0x7F80_0000)).isEqualTo(BlockScale.NON_FINITE);
    assertThat(rule.of(0x7FC0_0000)).isEqualTo(BlockScale.NON_FINITE);
  }

  @Test
  void decoderRefusesWhatNoEncoderWrites() {
    BlockScale rule = BlockScale.forLargestCode(127);
    assertThat(rule.accepts(0)).isTrue();
    assertThat(rule.accepts(0x007F)).isFalse();
    assertThat(rule.accepts(0x0080)).isTrue();
    assertThat(rule.accepts(rule.largest() + 1)).isFalse();
    assertThat(rule.accepts(0x8000)).isFalse();
    assertThat(rule.accepts(0xBF80)).isFalse();
  }

  @Test
  void fourScalesAreAcceptedIfEachIs() {
    var bytes = new byte[9];
    for (int largestCode : LARGEST_CODES) {
      BlockScale rule = BlockScale.forLargestCode(largestCode);
      for (int scale = 0; scale <= 0xFFFF; scale++) {
        for (int place = 0; place < 4; place++) {
          for (int i = 0; i < 4; i++) {
            BlockScale.put(bytes, 1 + 2 * i, i == place ? scale : rule.largest());
          }
          assertThat(rule.acceptsFour(bytes, 1)).isEqualTo(rule.accepts(scale));
        }
      }
    }
  }
}
