package io.tributary.codecs.channelwise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatTest {
  @Test
  void everyNumberIsItselfInAllDirections() {
    for (int half = 0; half < 0x7C00; half++) {
      float value = HalfFloat.toFloat(half);
      assertThat(HalfFloat.down(value)).isEqualTo(half);
      assertThat(HalfFloat.up(value)).isEqualTo(half);
      assertThat(HalfFloat.nearest(value)).isEqualTo(half);
      if (half > 0) {
        assertThat(HalfFloat.toFloat(half | 0x8000)).isEqualTo(-value);
        assertThat(HalfFloat.down(-value)).isEqualTo(half | 0x8000);
        assertThat(HalfFloat.up(-value)).isEqualTo(half | 0x8000);
      }
    }
  }

  @Test
  void knownNumbers() {
    assertThat(HalfFloat.toFloat(0x3C00)).isEqualTo(1f);
    assertThat(HalfFloat.toFloat(0x0001)).isEqualTo(0x1p-24f);
    assertThat(HalfFloat.toFloat(0x7BFF)).isEqualTo(65504f);
    assertThat(HalfFloat.toFloat(0xC000)).isEqualTo(-2f);
  }

  @Test
  void betweenTwoTheDirectionDecides() {
    for (int half = 0; half < 0x7BFF; half += 7) {
      double low = HalfFloat.toFloat(half);
      double high = HalfFloat.toFloat(half + 1);
      double middle = low + (high - low) / 2;
      assertThat(HalfFloat.down(middle)).isEqualTo(half);
      assertThat(HalfFloat.up(middle)).isEqualTo(half + 1);
      assertThat(HalfFloat.nearest(middle)).isEqualTo(half + (half & 1));
      assertThat(HalfFloat.up(-middle)).isEqualTo(half | 0x8000);
      assertThat(HalfFloat.down(-middle)).isEqualTo((half + 1) | 0x8000);
    }
  }

  @Test
  void whatIsTooLargeIsTheLargest() {
    assertThat(HalfFloat.nearest(1e6)).isEqualTo(0x7BFF);
    assertThat(HalfFloat.up(65505)).isEqualTo(0x7BFF);
    assertThat(HalfFloat.down(-1e9)).isEqualTo(0xFBFF);
  }
}
