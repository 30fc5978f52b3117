package io.tributary.codecs.channelwise;

import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;

/** Checks that sessions across a cut have in common. */
public final class CutBounds {
  private CutBounds() {}

  /** Fails for more rows than were planned. */
  public static void checkRows(CutRows rows, CutPlan plan) {
    if (rows.count() > plan.maxRows()) {
      throw Errors.invalidSetting(
          "rows of message " + rows.message(), rows.count(), "at most " + plan.maxRows());
    }
  }

  /** The budget as a width, for codecs that have whole bits only. */
  public static int wholeBits(CutPlan plan, String codec) {
    double bits = plan.budgetBits();
    if (bits != Math.rint(bits) || !ChannelGrid.acceptsWidth((int) bits)) {
      throw Errors.invalidSetting("bits a value of " + codec, bits, "a whole number from 2 to 8");
    }
    return (int) bits;
  }

  /**
   * Fails for a value that isn't finite; names its row and channel.
   *
   * @param what the values are, for the message
   */
  public static void checkFinite(
      String what, CutRows rows, float[] values, int from, int channels) {
    for (int row = 0; row < rows.count(); row++) {
      checkFinite(what, rows, row, values, from + row * channels, channels);
    }
  }

  /** As above, for one row that begins at {@code at}. */
  public static void checkFinite(
      String what, CutRows rows, int row, float[] values, int at, int channels) {
    for (int c = 0; c < channels; c++) {
      if (!(Math.abs(values[at + c]) <= Float.MAX_VALUE)) {
        throw new TributaryException(
            ErrorCode.NON_FINITE,
            what
                + " of message "
                + rows.message()
                + ", row "
                + row
                + ", channel "
                + c
                + ": expected a finite number, found "
                + values[at + c]);
      }
    }
  }

  /** The error for a state that was saved with another plan. */
  public static TributaryException otherPlan(String codec, Object expected, Object found) {
    return new TributaryException(
        ErrorCode.STORAGE,
        "saved " + codec + " session: expected " + expected + ", found " + found);
  }
}
