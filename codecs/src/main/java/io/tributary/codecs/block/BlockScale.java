package io.tributary.codecs.block;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The scale rule of a block codec, in integer arithmetic on bit patterns and one multiplication, so
 * that every back end has the same bits. A scale is handled as its 16 bits, see the package page.
 *
 * @param step the largest float32 that isn't above one divided by the largest code
 * @param smallest the bit pattern of the least magnitude that gets a scale other than zero
 * @param largest the largest scale
 */
public record BlockScale(float step, int smallest, int largest) {
  /** What {@link #of} returns for a block that holds NaN or infinity. */
  public static final int NON_FINITE = -1;

  private static final int MAGNITUDE = 0x7FFF_FFFF;
  private static final int INFINITY = 0x7F80_0000;
  private static final int SMALLEST_NORMAL = 0x0080;

  /** The bf16 pattern of 2^111: 2^16 times as much is finite. */
  private static final int FINITE = (111 + 127) << 7;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int[] RECIPROCALS = reciprocals();
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /* Four scales side by side in a long: a value in each, the highest bit of each. */
  private static final long EACH = 0x0001_0001_0001_0001L;
  private static final long TOP_OF_EACH = 0x8000_8000_8000_8000L;

  /** The rule for codes from {@code -largestCode} to {@code largestCode}. */
  public static BlockScale forLargestCode(long largestCode) {
    float step = 1f / largestCode;
    if ((double) step * largestCode > 1) {
      step = Math.nextDown(step);
    }
    float bound = Float.MIN_NORMAL * Long.highestOneBit(2 * largestCode - 1);
    int rounded = Float.floatToRawIntBits((float) (Float.MAX_VALUE / (double) largestCode));
    return new BlockScale(step, Float.floatToRawIntBits(bound), rounded >>> 16);
  }

  /** The bit pattern of a value's magnitude; patterns compare as integers like magnitudes do. */
  public static int magnitude(float value) {
    return Float.floatToRawIntBits(value) & MAGNITUDE;
  }

  /** The scale of a block by the pattern of its largest magnitude, or {@link #NON_FINITE}. */
  public int of(int largestMagnitude) {
    if (largestMagnitude >= INFINITY) {
      return NON_FINITE;
    }
    if (largestMagnitude < smallest) {
      return 0;
    }
    int bits = Float.floatToRawIntBits(Float.intBitsToFloat(largestMagnitude) * step);
    return Math.min((bits + 0xFFFF) >>> 16, largest);
  }

  /**
   * Writes the scales of {@code count} values: the definition of all kernels' first half.
   *
   * @return whether all values are finite; if not, the scales mean nothing
   */
  public boolean encode(float[] source, int from, int count, int block, byte[] target, int at) {
    for (int i = 0; i < count; i += block, at += BlockLayout.SCALE_BYTES) {
      int largestMagnitude = 0;
      for (int j = from + i; j < from + Math.min(count, i + block); j++) {
        largestMagnitude = Math.max(largestMagnitude, magnitude(source[j]));
      }
      int scale = of(largestMagnitude);
      if (scale == NON_FINITE) {
        return false;
      }
      put(target, at, scale);
    }
    return true;
  }

  /** Whether a decoder accepts a scale, 0 to 0xFFFF. */
  public boolean accepts(int scale) {
    return scale == 0 || (scale >= SMALLEST_NORMAL && scale <= largest);
  }

  /**
   * Whether a decoder accepts four scales at a byte offset, all at once. With the top bit clear, a
   * sum that reaches it tells whether a scale is above a bound, and none carries into its
   * neighbour.
   */
  boolean acceptsFour(byte[] source, int at) {
    long four = (long) LONG.get(source, at);
    long low = four & ~TOP_OF_EACH;
    long tooLarge = four | (low + (0x7FFF - largest) * EACH);
    long notZero = low + 0x7FFF * EACH;
    long normal = (low & (0x7F80 * EACH)) + 0x7FFF * EACH;
    return ((tooLarge | (notZero & ~normal)) & TOP_OF_EACH) == 0;
  }

  /**
   * Whether valid scales are all so small that no value is beyond float32: a value of any block
   * codec is at most 2^16 times its scale, sums of a rotation's 256 values included.
   */
  static boolean keepFinite(byte[] source, int at, int scales) {
    int largest = 0;
    for (int i = 0; i < scales; i++) {
      largest = Math.max(largest, get(source, at + BlockLayout.SCALE_BYTES * i));
    }
    return largest <= FINITE;
  }

  /** A scale as a number. */
  public static float value(int scale) {
    return Float.intBitsToFloat(scale << 16);
  }

  /**
   * The float32 nearest to one divided by the scale, and zero for the scale zero: the reciprocal of
   * the significand comes from a table, the exponent is negated.
   */
  public static float reciprocal(int scale) {
    int bits = RECIPROCALS[scale & 0x7F] - ((scale >>> 7) << 23);
    return scale == 0 ? 0f : Float.intBitsToFloat(bits);
  }

  /** Reads the scale at a byte offset. */
  public static int get(byte[] source, int at) {
    return (short) SHORT.get(source, at) & 0xFFFF;
  }

  /** Writes a scale at a byte offset. */
  public static void put(byte[] target, int at, int scale) {
    SHORT.set(target, at, (short) scale);
  }

  /** The error for a run in which some value isn't finite; names the first one. */
  static TributaryException nonFinite(float[] source, int from, int count) {
    int i = 0;
    while (i < count - 1 && magnitude(source[from + i]) < INFINITY) {
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
            + "; a block codec can't carry it, raw32, fp16 and bf16 can");
  }

  private static int[] reciprocals() {
    var table = new int[128];
    for (int m = 0; m < table.length; m++) {
      // The significand is (128 + m) / 128; 127 is the bias of the exponent that reciprocal()
      // subtracts.
      table[m] = Float.floatToRawIntBits(128f / (128 + m)) + (127 << 23);
    }
    return table;
  }
}
