package io.tributary.agent.trainer;

import io.tributary.codec.RowKind;
import java.util.Arrays;

/**
 * Sentences and their classes as windows, see {@link SplitBottom#forward}: tokens, {@link #PADDING}
 * up to a length that all have, and the class as the target.
 *
 * <p>Immutable, safe for any thread.
 */
public final class SentenceWindows {
  /** Stands behind a sentence's last token. */
  public static final long PADDING = -1;

  private final long[] windows;
  private final int count;
  private final int length;
  private final int[] tokens;
  private final int longest;

  /**
   * Looks at windows, which aren't copied.
   *
   * @throws IllegalArgumentException if they aren't so many of equal length, or one has no token
   */
  public SentenceWindows(long[] windows, int count) {
    if (count < 1 || windows.length % count != 0 || windows.length / count < 2) {
      throw new IllegalArgumentException(windows.length + " tokens of " + count + " windows");
    }
    this.windows = windows;
    this.count = count;
    length = windows.length / count - 1;
    tokens = new int[count];
    int most = 0;
    for (int w = 0; w < count; w++) {
      int n = 0;
      while (n < length && windows[w * (length + 1) + n] != PADDING) {
        n++;
      }
      if (n == 0) {
        throw new IllegalArgumentException("window " + w + " has no token");
      }
      tokens[w] = n;
      most = Math.max(most, n);
    }
    longest = most;
  }

  /**
   * Writes a sentence as a window; what is longer than the window is cut off.
   *
   * @param length tokens of a window
   * @param window the place of the window
   */
  public static void write(int[] sentence, int label, int length, long[] windows, int window) {
    int at = window * (length + 1);
    Arrays.fill(windows, at, at + length, PADDING);
    for (int i = 0; i < Math.min(length, sentence.length); i++) {
      windows[at + i] = sentence[i];
    }
    windows[at + length] = label;
  }

  /** The number of sentences. */
  public int count() {
    return count;
  }

  /** Tokens of a window, padding included. */
  public int length() {
    return length;
  }

  /** Tokens of the longest sentence. */
  public int longest() {
    return longest;
  }

  /** Tokens of a sentence. */
  public int tokens(int sentence) {
    return tokens[sentence];
  }

  /** A token of a sentence. */
  public int token(int sentence, int index) {
    return Math.toIntExact(windows[sentence * (length + 1) + index]);
  }

  /** The tokens of a sentence. */
  public int[] sentence(int sentence) {
    var found = new int[tokens[sentence]];
    Arrays.setAll(found, i -> token(sentence, i));
    return found;
  }

  /** The classes. */
  public long[] labels() {
    var labels = new long[count];
    for (int w = 0; w < count; w++) {
      labels[w] = windows[w * (length + 1) + length];
    }
    return labels;
  }

  /** What each row is to a codec, window by window. */
  public byte[] kinds() {
    var kinds = new byte[count * length];
    for (int w = 0; w < count; w++) {
      Arrays.fill(kinds, w * length + tokens[w], (w + 1) * length, (byte) RowKind.PADDING.number());
    }
    return kinds;
  }
}
