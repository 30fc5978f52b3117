package io.tributary.weights.judge;

/**
 * Draws numbers without repetition, the same ones as NumPy's default generator draws with a seed of
 * 32 bits or less, so that figures can be compared with those of programs in Python. For one
 * thread.
 *
 * <p>The generator is PCG XSL RR 128/64 (<a href="https://www.pcg-random.org/paper.html">O'Neill
 * 2014</a>, 6.3.3); it is seeded as NumPy's {@code SeedSequence} does, numbers below a bound come
 * by Lemire's method (<a href="https://arxiv.org/abs/1805.10941">1805.10941</a>) from halves of its
 * outputs, sets by Floyd's (Bentley and Floyd, CACM 30(9), 1987).
 */
final class PcgSampler {
  private static final long MULTIPLIER_HIGH = 2549297995355413924L;
  private static final long MULTIPLIER_LOW = 4865540595714422341L;
  private static final int POOL = 4;
  private static final long LOW_HALF = 0xFFFFFFFFL;

  private final long incrementHigh;
  private final long incrementLow;
  private long high;
  private long low;
  private long kept;
  private boolean isKept;

  PcgSampler(int seed) {
    long[] words = seedWords(seed);
    incrementHigh = words[2] << 1 | words[3] >>> 63;
    incrementLow = words[3] << 1 | 1;
    step();
    low += words[1];
    high += words[0] + (Long.compareUnsigned(low, words[1]) < 0 ? 1 : 0);
    step();
  }

  /**
   * Draws a set.
   *
   * @param bound above all numbers; at most 10,000, beyond which NumPy goes another way
   * @return {@code count} different numbers from 0, in no order
   */
  int[] draw(int bound, int count) {
    if (count < 0 || count > bound || bound > 10_000) {
      throw new IllegalArgumentException("no " + count + " numbers below " + bound);
    }
    var taken = new boolean[bound];
    var drawn = new int[count];
    for (int last = bound - count; last < bound; last++) {
      int number = below(last);
      int chosen = taken[number] ? last : number;
      taken[chosen] = true;
      drawn[last - bound + count] = chosen;
    }
    // NumPy shuffles what it has drawn, which moves the generator on.
    for (int i = count - 1; i > 0; i--) {
      int other = below(i);
      int moved = drawn[i];
      drawn[i] = drawn[other];
      drawn[other] = moved;
    }
    return drawn;
  }

  /** A number from 0 to {@code most}, for whose choice nothing is drawn if it is 0. */
  private int below(int most) {
    if (most == 0) {
      return 0;
    }
    long bound = most + 1L;
    long product = half() * bound;
    long threshold = (LOW_HALF - most) % bound;
    while ((product & LOW_HALF) < threshold) {
      product = half() * bound;
    }
    return (int) (product >>> 32);
  }

  /** The lower half of an output, then its upper half. */
  private long half() {
    if (isKept) {
      isKept = false;
      return kept;
    }
    step();
    long output = Long.rotateRight(high ^ low, (int) (high >>> 58));
    kept = output >>> 32;
    isKept = true;
    return output & LOW_HALF;
  }

  private void step() {
    long productHigh =
        unsignedHigh(low, MULTIPLIER_LOW) + high * MULTIPLIER_LOW + low * MULTIPLIER_HIGH;
    low = low * MULTIPLIER_LOW + incrementLow;
    high = productHigh + incrementHigh + (Long.compareUnsigned(low, incrementLow) < 0 ? 1 : 0);
  }

  private static long unsignedHigh(long x, long y) {
    return Math.multiplyHigh(x, y) + (x >> 63 & y) + (y >> 63 & x);
  }

  /** NumPy's SeedSequence of one number: four words of 64 bits. */
  private static long[] seedWords(int seed) {
    var pool = new int[POOL];
    int[] constant = {0x43B0D7E5};
    for (int i = 0; i < POOL; i++) {
      pool[i] = hashed(i == 0 ? seed : 0, constant, 0x931E8875);
    }
    for (int from = 0; from < POOL; from++) {
      for (int to = 0; to < POOL; to++) {
        if (from != to) {
          int mixed = 0xCA01F9DD * pool[to] - 0x4973F715 * hashed(pool[from], constant, 0x931E8875);
          pool[to] = mixed ^ mixed >>> 16;
        }
      }
    }
    constant[0] = 0x8B51F9DD;
    var words = new long[POOL];
    for (int i = 0; i < 2 * POOL; i++) {
      long part = hashed(pool[i % POOL], constant, 0x58F38DED) & LOW_HALF;
      words[i / 2] |= part << (i % 2 * 32);
    }
    return words;
  }

  private static int hashed(int value, int[] constant, int multiplier) {
    int hash = value ^ constant[0];
    constant[0] *= multiplier;
    hash *= constant[0];
    return hash ^ hash >>> 16;
  }
}
