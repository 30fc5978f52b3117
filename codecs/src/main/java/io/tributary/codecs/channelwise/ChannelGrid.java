package io.tributary.codecs.channelwise;

import java.util.Arrays;

/**
 * How each channel of a message is quantized: its width in bits, and offset z and step s, which are
 * halves times a power of two that the message has in common. Value x has the code {@code (x - z) /
 * s}, rounded and clipped; code c means {@code fma(c, s, z)}. Belongs to one thread.
 *
 * <p>Channels are handled in the order of their widths, so that those of one width lie together;
 * the arrays below are in that order, of which {@link #order} gives the channel.
 */
public final class ChannelGrid {
  /** The least width. */
  public static final int LEAST_BITS = 2;

  /** The largest width. */
  public static final int MOST_BITS = 8;

  /** Rows whose codes of one channel are packed together, into whole words. */
  public static final int TILE = 32;

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

  final int[] order;
  final int[] place;
  final int[] bits;
  final float[] offsets;
  final float[] steps;
  final float[] reciprocals;
  final float[] tops;

  /** Where channels of width w begin in the order, and at w + 1 where they end. */
  final int[] groups = new int[MOST_BITS + 2];

  /** Halves in the channels' own order. */
  final short[] halfSteps;

  final short[] halfOffsets;

  /** The power of two in common. */
  int exponent;

  /** Rows of the stage lie so many values further apart than they have channels. */
  private static final int STAGE_GAP = 16;

  private float[] stage = {};
  private float[] channelwise = {};
  private int bitsOfRow;
  private final float[] lowest;
  private final float[] highest;

  /** A grid that is not filled yet. */
  public ChannelGrid(int channels) {
    order = new int[channels];
    place = new int[channels];
    bits = new int[channels];
    offsets = new float[channels];
    steps = new float[channels];
    reciprocals = new float[channels];
    tops = new float[channels];
    halfSteps = new short[channels];
    halfOffsets = new short[channels];
    lowest = new float[channels];
    highest = new float[channels];
  }

  /** The number of channels. */
  public int channels() {
    return order.length;
  }

  /** Sorts channels by their widths, stably. */
  void setWidths(byte[] widths) {
    Arrays.fill(groups, 0);
    bitsOfRow = 0;
    for (byte width : widths) {
      groups[width + 1]++;
      bitsOfRow += width;
    }
    for (int w = 1; w < groups.length; w++) {
      groups[w] += groups[w - 1];
    }
    int[] next = groups.clone();
    for (int c = 0; c < widths.length; c++) {
      int j = next[widths[c]]++;
      order[j] = c;
      place[c] = j;
      bits[j] = widths[c];
    }
  }

  /** Whether channels are in their own order, as they are when all have one width. */
  boolean isInOrder() {
    return bits.length == 0 || bits[0] == bits[bits.length - 1];
  }

  /** Room for a tile in the order of widths. */
  float[] stage() {
    if (stage.length == 0) {
      stage = new float[TILE * stageStride()];
    }
    return stage;
  }

  /** The values between the beginnings of two rows of the stage. */
  int stageStride() {
    return order.length + STAGE_GAP;
  }

  /** Offsets, steps, reciprocals and tops one after the other, in the channels' own order. */
  float[] inChannelOrder() {
    int channels = order.length;
    if (channelwise.length == 0) {
      channelwise = new float[4 * channels];
    }
    for (int c = 0; c < channels; c++) {
      int j = place[c];
      channelwise[c] = offsets[j];
      channelwise[channels + c] = steps[j];
      channelwise[2 * channels + c] = reciprocals[j];
      channelwise[3 * channels + c] = tops[j];
    }
    return channelwise;
  }

  /** The bytes of packed codes. */
  long packedLength(int rows) {
    return ((long) rows * bitsOfRow + 7) / 8;
  }

  /** The bytes of the codes of a whole tile. */
  int tileLength() {
    return bitsOfRow * TILE / Byte.SIZE;
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
    for (int j = 0; j < order.length; j++) {
      if (!(Math.abs(offsets[j]) <= Float.MAX_VALUE) || !(highest[j] <= Float.MAX_VALUE)) {
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
    for (int c = 0; c < order.length; c++) {
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
    for (int c = 0; c < order.length; c++) {
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
    for (int j = 0; j < order.length; j++) {
      int c = order[j];
      float z = Math.scalb(HalfFloat.toFloat(halfOffsets[c]), exponent);
      // Adding zero turns minus zero into zero.
      set(j, z + 0f, top(bits[j]));
    }
  }

  /** As {@link #prepare} for grids around zero. */
  void prepareSymmetric() {
    for (int j = 0; j < order.length; j++) {
      int half = (1 << (bits[j] - 1)) - 1;
      float s = Math.scalb(HalfFloat.toFloat(halfSteps[order[j]]), exponent);
      set(j, -half * s + 0f, 2 * half);
    }
  }

  private void set(int j, float offset, int top) {
    float step = Math.scalb(HalfFloat.toFloat(halfSteps[order[j]]), exponent);
    offsets[j] = offset;
    steps[j] = step;
    reciprocals[j] = step > 0 ? 1f / step : 0f;
    tops[j] = top;
    lowest[j] = offset - step / 2;
    highest[j] = Math.fma(top + 0.5f, step, offset);
  }

  /** Copies what lies beyond the ends of each channel's range, in the channels' own order. */
  public void ends(float[] below, float[] above) {
    for (int j = 0; j < order.length; j++) {
      below[order[j]] = lowest[j];
      above[order[j]] = highest[j];
    }
  }

  /** The value that a channel's code means. */
  public float value(int channel, int code) {
    int j = place[channel];
    return Math.fma((float) code, steps[j], offsets[j]);
  }

  /** The step of a channel. */
  public float step(int channel) {
    return steps[place[channel]];
  }
}
