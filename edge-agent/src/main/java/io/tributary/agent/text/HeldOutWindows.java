package io.tributary.agent.text;

import io.tributary.error.Errors;

/**
 * Windows of text that nobody trains on, at fixed and even distances, so that losses of different
 * agents and moments compare. Immutable, safe for any thread.
 */
public final class HeldOutWindows {
  private final byte[] text;
  private final int context;
  private final int count;

  HeldOutWindows(byte[] text, int context, int most) {
    if (context < 1 || most < 1) {
      throw Errors.invalidSetting("context, windows", context + ", " + most, "at least 1 each");
    }
    this.text = text;
    this.context = context;
    this.count = Math.min(most, Math.max(1, (text.length - 1) / context));
  }

  /** Predicted bytes a window. */
  public int context() {
    return context;
  }

  /** The number of windows, at least 1. */
  public int count() {
    return count;
  }

  /**
   * Writes {@code windows} windows from number {@code first} on, one after the other, bytes as
   * numbers 0 to 255.
   *
   * @param into at least {@code windows * (context + 1)} numbers
   */
  public void fill(int first, int windows, long[] into) {
    int length = context + 1;
    int lastStart = text.length - length;
    for (int w = 0; w < windows; w++) {
      int number = first + w;
      int start = count == 1 ? 0 : (int) ((long) lastStart * number / (count - 1));
      for (int i = 0; i < length; i++) {
        into[w * length + i] = text[start + i] & 0xFF;
      }
    }
  }
}
