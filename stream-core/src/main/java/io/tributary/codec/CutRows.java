package io.tributary.codec;

/**
 * Which rows one message across a cut holds: rows of {@link CutPlan#channels} values, one after the
 * other. The gradients of a message have the same rows.
 *
 * <p>Immutable, safe for any thread.
 */
public final class CutRows {
  private static final byte[] ALL_ORDINARY = {};
  private static final int[] NO_SAMPLES = {};

  private final int message;
  private final int count;
  private final byte[] kinds;
  private final int[] samples;

  private CutRows(int message, int count, byte[] kinds, int[] samples) {
    this.message = message;
    this.count = count;
    this.kinds = kinds;
    this.samples = samples;
  }

  /**
   * Ordinary rows.
   *
   * @param message the message's number: 0 for the first of a stream, then one more each
   * @param count the number of rows, 0 or more
   */
  public static CutRows ordinary(int message, int count) {
    if (message < 0 || count < 0) {
      throw new IllegalArgumentException("message " + message + ", rows " + count);
    }
    return new CutRows(message, count, ALL_ORDINARY, NO_SAMPLES);
  }

  /**
   * The same rows with kinds.
   *
   * @param kinds a {@link RowKind#number} a row
   */
  public CutRows withKinds(byte[] kinds) {
    if (kinds.length != count) {
      throw new IllegalArgumentException(kinds.length + " kinds of " + count + " rows");
    }
    return new CutRows(message, count, kinds.clone(), samples);
  }

  /**
   * The same rows with the numbers of the training samples that they are cut from, for codecs that
   * remember samples. Each sample has equally many rows, one after the other.
   *
   * @param samples numbers from 0 on; their count divides that of the rows
   */
  public CutRows ofSamples(int[] samples) {
    if (samples.length == 0 || count % samples.length != 0) {
      throw new IllegalArgumentException(samples.length + " samples of " + count + " rows");
    }
    return new CutRows(message, count, kinds, samples.clone());
  }

  /** The same rows without their samples, for codecs that remember none. */
  public CutRows withoutSamples() {
    return samples.length == 0 ? this : new CutRows(message, count, kinds, NO_SAMPLES);
  }

  /** The message's number. */
  public int message() {
    return message;
  }

  /** The number of rows, padding included. */
  public int count() {
    return count;
  }

  /** Whether some row is other than ordinary. */
  public boolean hasKinds() {
    return kinds.length > 0;
  }

  /** The {@link RowKind#number} of a row. */
  public int kind(int row) {
    return kinds.length == 0 ? 0 : kinds[row];
  }

  /** The number of samples that the rows are cut from; 0 if nobody said. */
  public int samples() {
    return samples.length;
  }

  /** The number of a sample, see {@link #ofSamples}. */
  public int sample(int index) {
    return samples[index];
  }

  /** Whether both have the same rows of the same message. */
  public boolean sameAs(CutRows other) {
    return message == other.message
        && count == other.count
        && java.util.Arrays.equals(kinds, other.kinds)
        && java.util.Arrays.equals(samples, other.samples);
  }
}
