package io.tributary.codec;

import java.util.SplittableRandom;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Random numbers for a test, begun anew for each test method; a failure tells the seed.
 *
 * <p>Register it as {@code @RegisterExtension final SeededRandom random = new SeededRandom();}. The
 * system property {@code test.seed} repeats a run.
 */
public final class SeededRandom implements BeforeEachCallback, TestExecutionExceptionHandler {
  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private SplittableRandom random = new SplittableRandom(seed);

  @Override
  public void beforeEach(ExtensionContext context) {
    random = new SplittableRandom(seed);
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    failure.addSuppressed(new RandomSeed("repeat with -Dtest.seed=" + seed));
    throw failure;
  }

  /** A number from 0 to {@code bound - 1}. */
  public int nextInt(int bound) {
    return random.nextInt(bound);
  }

  /** Any 32 bits. */
  public int nextBits() {
    return random.nextInt();
  }

  /** Fills an array with any bytes. */
  public void nextBytes(byte[] bytes) {
    random.nextBytes(bytes);
  }

  /**
   * Fills an array with finite numbers of every size: in runs of random length the exponents lie
   * within 16 of a random one, so that blocks have values of comparable size but differ from each
   * other.
   */
  public void nextFloats(float[] values) {
    int left = 0;
    int highest = 0;
    for (int i = 0; i < values.length; i++, left--) {
      int bits = random.nextInt();
      if (left == 0) {
        left = 1 + random.nextInt(300);
        highest = random.nextInt(255);
      }
      int exponent = Math.max(0, highest - (bits >>> 23 & 0xF));
      values[i] = Float.intBitsToFloat((bits & 0x807F_FFFF) | exponent << 23);
    }
  }

  /** Carries the seed in a failure's list of suppressed exceptions. */
  private static final class RandomSeed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RandomSeed(String message) {
      super(message, null, false, false);
    }
  }
}
