package io.tributary.codec;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Values and sizes at which codecs break, the same for every codec and every kernel. */
public final class TensorCorpus {
  /** Numbers of elements around blocks, groups and vectors, and a prime. */
  public static final List<Integer> SIZES =
      List.of(
          0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 96, 127, 128, 129, 191, 255, 256, 257,
          511, 1021, 2047, 2048, 2049, 4096, 4098, 5000);

  private static final long SEED = 0x5EED;

  private TensorCorpus() {}

  /** A kind of finite values. */
  public enum Row {
    ZEROS,
    MINUS_ZEROS,
    ONE_HOT,
    ALL_EQUAL,
    RAMP,
    GAUSSIAN,
    HEAVY_TAIL,
    TIES,
    POWERS_OF_TWO,
    SUBNORMALS,
    SMALLEST_NORMALS,
    LARGEST_FLOATS,
    EVERY_EXPONENT;

    /** The values, the same for each call. */
    public float[] values(int size) {
      var random = new SplittableRandom(SEED);
      var values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = value(i, size, random);
      }
      return values;
    }

    private float value(int i, int size, SplittableRandom random) {
      int bits = random.nextInt();
      float sign = bits < 0 ? -1f : 1f;
      return switch (this) {
        case ZEROS -> 0f;
        case MINUS_ZEROS -> -0f;
        case ONE_HOT -> i == size / 2 ? -3.25f : 0f;
        case ALL_EQUAL -> 0.7f;
        case RAMP -> (i - size / 2) / 64f;
        case GAUSSIAN -> gaussian(random);
        case HEAVY_TAIL -> gaussian(random) * (bits % 50 == 0 ? 400f : 1f);
        // The first is the largest magnitude of its block, so that the others lie between codes.
        case TIES -> i % 64 == 0 ? 127f : sign * (bits >>> 2 & 0xFF) / 2f;
        case POWERS_OF_TWO -> sign * Math.scalb(1f, (bits >>> 3) % 12);
        case SUBNORMALS -> Float.intBitsToFloat(bits & 0x807F_FFFF);
        case SMALLEST_NORMALS ->
            Float.intBitsToFloat((bits & 0x807F_FFFF) | (1 + (i / 64) % 12) << 23);
        case LARGEST_FLOATS -> i % 3 == 0 ? sign * Float.MAX_VALUE : sign * 0x1p127f;
        case EVERY_EXPONENT -> Float.intBitsToFloat((bits & 0x807F_FFFF) | (i % 255) << 23);
      };
    }
  }

  /** Every row in every size. */
  public static Stream<float[]> all() {
    return Stream.of(Row.values()).flatMap(row -> SIZES.stream().map(row::values));
  }

  private static float gaussian(SplittableRandom random) {
    // The sum of twelve uniform numbers: no logarithm, so the same bits on every machine.
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return (float) sum;
  }
}
