package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;

/** Comparison of floats by their bits, in which NaN equals NaN and zero differs from minus zero. */
public final class FloatBits {
  private FloatBits() {}

  /** Fails unless both arrays hold the same bits; names the first element that differs. */
  public static void assertSame(String what, float[] actual, float[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToRawIntBits(actual[i]) != Float.floatToRawIntBits(expected[i])) {
        throw new AssertionError(
            String.format(
                "%s, element %d: expected %s (%08x), found %s (%08x)",
                what,
                i,
                expected[i],
                Float.floatToRawIntBits(expected[i]),
                actual[i],
                Float.floatToRawIntBits(actual[i])));
      }
    }
  }

  /** As {@link #assertSame(String, float[], float[])}, but any NaN equals any other. */
  public static void assertSameNumbers(String what, float[] actual, float[] expected) {
    float[] canonical = actual.clone();
    for (int i = 0; i < canonical.length; i++) {
      if (Float.isNaN(canonical[i]) && Float.isNaN(expected[i])) {
        canonical[i] = expected[i];
      }
    }
    assertSame(what, canonical, expected);
  }

  /** Fails unless both arrays hold the same bytes; names the first that differs. */
  public static void assertSame(String what, byte[] actual, byte[] expected) {
    int at = java.util.Arrays.mismatch(actual, expected);
    if (at >= 0) {
      throw new AssertionError(
          what + ": bytes differ from byte " + at + " on, of " + expected.length);
    }
  }
}
