package io.tributary.codecs.internal;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;

/** The error of codecs that can't carry NaN and infinity. Safe for any thread. */
public final class NonFiniteValues {
  private NonFiniteValues() {}

  /** The error for a run in which some value isn't finite; names the first one. */
  public static TributaryException refuse(float[] source, int from, int count, String codec) {
    int i = 0;
    while (i < count - 1 && Math.abs(source[from + i]) <= Float.MAX_VALUE) {
      i++;
    }
    return new TributaryException(
        ErrorCode.NON_FINITE,
        "element "
            + i
            + " of "
            + count
            + ": expected a finite number, found "
            + source[from + i]
            + "; "
            + codec
            + " can't carry it, raw32, fp16 and bf16 can");
  }
}
