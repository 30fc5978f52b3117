package io.tributary.weights.pack;

import java.util.Arrays;

/**
 * {@code levels}: each column has a number of levels of its own, 1 to 256, and each row the two
 * ends between which they lie. The side bytes are the levels less one.
 *
 * <p>With scale {@code (high - low) / (levels - 1)} and zero {@code rint(-low / scale)} in float32
 * a code c means {@code scale * (c - zero)}; in a column of one level all is 0. A block is, for
 * each row, low and high in half precision; then for each row its codes as one number after
 * another, in whole bytes, the lowest bit first. A number holds as many columns as keep the product
 * P of their levels up to 2^62, the first column counting most, in {@code ceil(log2 P)} bits.
 */
public final class LevelsLayout implements RowLayout {
  /** The layout's name. */
  public static final String NAME = "levels";

  /** The most levels of a column. */
  public static final int MOST_LEVELS = 256;

  private static final long LARGEST = 1L << 62;
  private static final int ENDS_BYTES = 2 * Short.BYTES;

  private final int[] levels;

  /** Behind the last column of each number. */
  private final int[] ends;

  private final int[] bits;
  private final int rowBytes;

  /** A layout of columns with so many levels. */
  public LevelsLayout(int[] levels) {
    this.levels = levels.clone();
    var foundEnds = new int[levels.length];
    var foundBits = new int[levels.length];
    int numbers = 0;
    long product = 1;
    long sum = 0;
    for (int j = 0; j < levels.length; j++) {
      if (levels[j] < 1 || levels[j] > MOST_LEVELS) {
        throw new IllegalArgumentException("levels " + levels[j]);
      }
      if (product > LARGEST / levels[j]) {
        foundEnds[numbers] = j;
        foundBits[numbers] = bitsOf(product);
        sum += foundBits[numbers++];
        product = 1;
      }
      product *= levels[j];
    }
    foundEnds[numbers] = levels.length;
    foundBits[numbers] = bitsOf(product);
    sum += foundBits[numbers++];
    ends = Arrays.copyOf(foundEnds, numbers);
    bits = Arrays.copyOf(foundBits, numbers);
    rowBytes = Math.toIntExact((sum + 7) / 8);
  }

  private static int bitsOf(long product) {
    return Long.SIZE - Long.numberOfLeadingZeros(product - 1);
  }

  static LevelsLayout read(byte[] side) {
    var levels = new int[side.length];
    for (int j = 0; j < side.length; j++) {
      levels[j] = (side[j] & 0xFF) + 1;
    }
    return new LevelsLayout(levels);
  }

  /** The levels of a column. */
  public int levels(int column) {
    return levels[column];
  }

  /** The step between levels of a row that ends so, in a column. */
  private float scale(float low, float high, int column) {
    return levels[column] == 1 ? 0 : (high - low) / (levels[column] - 1);
  }

  private static float zero(float low, float scale) {
    return scale == 0 ? 0 : (float) Math.rint(-low / scale);
  }

  /** The code of a weight, the nearest there is. */
  public int code(double weight, float low, float high, int column) {
    float scale = scale(low, high, column);
    if (scale == 0) {
      return 0;
    }
    double code = Math.rint(weight / scale + zero(low, scale));
    return (int) Math.max(0, Math.min(levels[column] - 1, code));
  }

  /** What a code means. */
  public float value(int code, float low, float high, int column) {
    float scale = scale(low, high, column);
    return scale * (code - zero(low, scale));
  }

  @Override
  public long blockBytes(long rows, int width) {
    return rows * (ENDS_BYTES + rowBytes);
  }

  /**
   * Packs rows.
   *
   * @param codes one a byte, from the first of these rows on
   * @param ends low and high of each row, numbers of half precision
   */
  public byte[] pack(byte[] codes, int from, float[] ends, int first, int rows) {
    int width = levels.length;
    var block = new byte[(int) blockBytes(rows, width)];
    for (int i = 0; i < 2 * rows; i++) {
      ScaleType.F16.put(ends[2 * first + i], block, i * Short.BYTES);
    }
    for (int row = 0; row < rows; row++) {
      var out = new BitStream(block, rows * ENDS_BYTES + row * rowBytes);
      int column = 0;
      for (int i = 0; i < this.ends.length; i++) {
        long number = 0;
        for (; column < this.ends[i]; column++) {
          number = number * levels[column] + (codes[from + row * width + column] & 0xFF);
        }
        out.put(number, bits[i]);
      }
    }
    return block;
  }

  @Override
  public void unpack(byte[] block, int rows, int width, float[] target, int at) {
    RowLayouts.checkLength(this, block.length, rows, width);
    var scales = new float[MOST_LEVELS + 1];
    var zeros = new float[MOST_LEVELS + 1];
    for (int row = 0; row < rows; row++) {
      float low = ScaleType.F16.get(block, row * ENDS_BYTES);
      float high = ScaleType.F16.get(block, row * ENDS_BYTES + Short.BYTES);
      for (int count = 2; count <= MOST_LEVELS; count++) {
        scales[count] = (high - low) / (count - 1);
        zeros[count] = zero(low, scales[count]);
      }
      var in = new BitStream(block, rows * ENDS_BYTES + row * rowBytes);
      int column = 0;
      for (int i = 0; i < ends.length; i++) {
        long number = in.get(bits[i]);
        for (int j = ends[i] - 1; j >= column; j--) {
          int code = (int) (number % levels[j]);
          number /= levels[j];
          target[at + row * width + j] = scales[levels[j]] * (code - zeros[levels[j]]);
        }
        if (number != 0) {
          throw RowLayouts.corrupt(this + ", row " + row + ": a number beyond its columns' levels");
        }
        column = ends[i];
      }
    }
  }

  @Override
  public byte[] side() {
    var side = new byte[levels.length];
    for (int j = 0; j < side.length; j++) {
      side[j] = (byte) (levels[j] - 1);
    }
    return side;
  }

  @Override
  public String toString() {
    return NAME;
  }

  /** Numbers of up to 62 bits, the lowest bit first. */
  private static final class BitStream {
    private final byte[] bytes;
    private long place;

    BitStream(byte[] bytes, int at) {
      this.bytes = bytes;
      place = 8L * at;
    }

    void put(long number, int bits) {
      for (int done = 0; done < bits; ) {
        int shift = (int) (place & 7);
        int taken = Math.min(8 - shift, bits - done);
        int part = (int) (number >>> done) & (1 << taken) - 1;
        bytes[(int) (place >>> 3)] |= (byte) (part << shift);
        place += taken;
        done += taken;
      }
    }

    long get(int bits) {
      long number = 0;
      for (int done = 0; done < bits; ) {
        int shift = (int) (place & 7);
        int taken = Math.min(8 - shift, bits - done);
        long part = (bytes[(int) (place >>> 3)] & 0xFF) >>> shift & (1 << taken) - 1;
        number |= part << done;
        place += taken;
        done += taken;
      }
      return number;
    }
  }
}
