package io.tributary.codecs.channelwise;

/**
 * How each channel of a message is quantized: its width in bits, and offset z and step s, which are
 * halves times a power of two that the message has in common. Value x has the code {@code (x - z) /
 * s}, rounded and clipped; code c means {@code fma(c, s, z)}. Belongs to one thread.
 */
public final class ChannelGrid {
  /** The least width. */
  public static final int LEAST_BITS = 2;

  /** The largest width. */
  public static final int MOST_BITS = 8;

  /** Rows whose codes of one channel are packed together, into as many bytes as a code has bits. */
  public static final int TILE = 8;

  /** Rows whose codes of one channel fit into an int. */
  static final int HALF_TILE = TILE / 2;

  /** Beyond so many standard deviations from the mean a value is an exception. */
  private static final double OUTLIER = 5;

  /**
   * Where the outermost points lie on either side of the mean, in standard deviations, for 2 to 8
   * bits: {@code (2^b - 1) / 2} times the step that serves a normal distribution best, of Max
   * (1960), table II, and found in the same way where that ends.
   */
  private static final double[] SHARP = {1.49, 2.05, 2.51, 2.92, 3.28, 3.61, 3.93};

  /** What the largest magnitude of a message is scaled to, as a power of two. */
  private static final int SCALED_EXPONENT = 14;

  private static final int LEAST_EXPONENT = -80;
  private static final int MOST_EXPONENT = 111;

  final int[] bits;
  final float[] offsets;
  final float[] steps;
  final float[] reciprocals;
  final float[] tops;

  final short[] halfSteps;
  final short[] halfOffsets;

  /** The power of two in common. */
  int exponent;

  /** Room for the codes of the first and of the last rows of a tile, channel by channel. */
  final int[] firstCodes;

  final int[] lastCodes;
  private int bitsOfRow;
  private final float[] lowest;
  private final float[] highest;

  /** A grid that is not filled yet. */
  public ChannelGrid(int channels) {
    bits = new int[channels];
    offsets = new float[channels];
    steps = new float[channels];
    reciprocals = new float[channels];
    tops = new float[channels];
    halfSteps = new short[channels];
    halfOffsets = new short[channels];
    firstCodes = new int[channels];
    lastCodes = new int[channels];
    lowest = new float[channels];
    highest = new float[channels];
  }

  /** The number of channels. */
  public int channels() {
    return bits.length;
  }

  /** Takes the width of each channel. */
  void setWidths(byte[] widths) {
    bitsOfRow = 0;
    for (int c = 0; c < widths.length; c++) {
      bits[c] = widths[c];
      bitsOfRow += widths[c];
    }
  }

  /** Where the bytes of each channel begin in a tile. */
  int[] starts() {
    var starts = new int[bits.length];
    for (int c = 1; c < starts.length; c++) {
      starts[c] = starts[c - 1] + bits[c - 1];
    }
    return starts;
  }

  /** The bytes of packed codes. */
  long packedLength(int rows) {
    return ((long) rows * bitsOfRow + 7) / 8;
  }

  /** The bytes of the codes of a whole tile. */
  int tileLength() {
    return bitsOfRow;
  }

  /** Chooses the power of two by the largest magnitude. */
  void setExponent(float largestMagnitude) {
    int raw = Math.getExponent(largestMagnitude) - SCALED_EXPONENT;
    exponent = Math.max(LEAST_EXPONENT, Math.min(raw, MOST_EXPONENT));
  }

  static boolean acceptsExponent(int exponent) {
    return exponent >= LEAST_EXPONENT && exponent <= MOST_EXPONENT;
  }

  static boolean acceptsWidth(int width) {
    return width >= LEAST_BITS && width <= MOST_BITS;
  }

  /** Whether every code means a finite number. */
  boolean isFinite() {
    for (int c = 0; c < bits.length; c++) {
      if (!(Math.abs(offsets[c]) <= Float.MAX_VALUE) || !(highest[c] <= Float.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  /** Where the exceptions of a channel begin, at either end. */
  static double outlierDistance(ChannelMoments moments, int channel) {
    double variance = moments.variance(channel);
    return variance <= Float.MAX_VALUE ? OUTLIER * Math.sqrt(variance) : Double.POSITIVE_INFINITY;
  }

  /**
   * Fills an asymmetric grid: from the least to the largest value, or sharper.
   *
   * @param sharp whether to cut off at the range that serves a normal distribution best, instead of
   *     at the exceptions only
   */
  public void fillAsymmetric(ChannelMoments moments, byte[] widths, boolean sharp) {
    setWidths(widths);
    setExponent(moments.magnitude);
    for (int c = 0; c < bits.length; c++) {
      double lo = moments.least[c];
      double hi = moments.largest[c];
      double most = outlierDistance(moments, c);
      if (sharp) {
        most *= SHARP[widths[c] - LEAST_BITS] / OUTLIER;
      }
      if (most <= Float.MAX_VALUE) {
        double mean = moments.mean(c);
        lo = Math.max(lo, mean - most);
        hi = Math.min(hi, mean + most);
      }
      int zero = HalfFloat.down(Math.scalb(lo, -exponent));
      double above = Math.scalb(hi, -exponent) - HalfFloat.toFloat(zero);
      int step = HalfFloat.up(Math.max(0, above) / top(widths[c]));
      halfOffsets[c] = (short) zero;
      halfSteps[c] = (short) step;
    }
    prepare();
  }

  /** Fills a grid with 2^b - 1 points, zero in their middle. */
  public void fillSymmetric(ChannelMoments moments, byte[] widths) {
    setWidths(widths);
    setExponent(moments.magnitude);
    for (int c = 0; c < bits.length; c++) {
      float most = Math.max(Math.abs(moments.least[c]), Math.abs(moments.largest[c]));
      double points = 1 << (widths[c] - 1);
      halfSteps[c] = (short) HalfFloat.up(Math.scalb((double) most, -exponent) / (points - 1));
    }
    prepareSymmetric();
  }

  private static int top(int width) {
    return (1 << width) - 1;
  }

  /** Computes what kernels need from halves and exponent. */
  void prepare() {
    for (int c = 0; c < bits.length; c++) {
      float z = Math.scalb(HalfFloat.toFloat(halfOffsets[c]), exponent);
      // Adding zero turns minus zero into zero.
      set(c, z + 0f, top(bits[c]));
    }
  }

  /** As {@link #prepare} for grids around zero. */
  void prepareSymmetric() {
    for (int c = 0; c < bits.length; c++) {
      int half = (1 << (bits[c] - 1)) - 1;
      float s = Math.scalb(HalfFloat.toFloat(halfSteps[c]), exponent);
      set(c, -half * s + 0f, 2 * half);
    }
  }

  private void set(int c, float offset, int top) {
    float step = Math.scalb(HalfFloat.toFloat(halfSteps[c]), exponent);
    offsets[c] = offset;
    steps[c] = step;
    reciprocals[c] = step > 0 ? 1f / step : 0f;
    tops[c] = top;
    lowest[c] = offset - step / 2;
    highest[c] = Math.fma(top + 0.5f, step, offset);
  }

  /** Copies what lies beyond the ends of each channel's range. */
  public void ends(float[] below, float[] above) {
    System.arraycopy(lowest, 0, below, 0, lowest.length);
    System.arraycopy(highest, 0, above, 0, highest.length);
  }

  /** The value that a channel's code means. */
  public float value(int channel, int code) {
    return Math.fma((float) code, steps[channel], offsets[channel]);
  }

  /** The step of a channel. */
  public float step(int channel) {
    return steps[channel];
  }
}
