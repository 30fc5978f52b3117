package io.tributary.tensor;

/**
 * First values of a model from the run's seed, the same bits on every machine: the generator is
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014)
 * with one sequence a tensor, the Gaussian is Marsaglia's polar method with {@link StrictMath},
 * whose results don't depend on the platform.
 */
public final class InitialValues {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private InitialValues() {}

  /**
   * Writes the first values of the tensor with index {@code tensor} of {@code schema} to {@code
   * into}, beginning at {@code at}.
   *
   * @throws IndexOutOfBoundsException if they don't fit there
   */
  public static void fill(ModelSchema schema, int tensor, long seed, float[] into, int at) {
    TensorSpec spec = schema.tensors().get(tensor);
    int count = spec.elements();
    java.util.Objects.checkFromIndexSize(at, count, into.length);
    if (spec.initializer().kind() == Initializer.Kind.CONSTANT) {
      java.util.Arrays.fill(into, at, at + count, spec.initializer().scale());
      return;
    }
    float scale = spec.initializer().scale();
    long state = mix(seed + GOLDEN_GAMMA * (tensor + 1L));
    for (int i = 0; i < count; i += 2) {
      double u;
      double v;
      double square;
      do {
        state += GOLDEN_GAMMA;
        u = unit(mix(state));
        state += GOLDEN_GAMMA;
        v = unit(mix(state));
        square = u * u + v * v;
      } while (square >= 1 || square == 0);
      double factor = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
      into[at + i] = (float) (u * factor) * scale;
      if (i + 1 < count) {
        into[at + i + 1] = (float) (v * factor) * scale;
      }
    }
  }

  /** A bijection of 64 bits whose outputs look independent: the finalizer of SplitMix64. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static double unit(long bits) {
    return (bits >> 11) * 0x1.0p-52; // 53 signed bits: uniform in [-1, 1)
  }
}
