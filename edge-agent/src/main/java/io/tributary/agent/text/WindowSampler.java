package io.tributary.agent.text;

import io.tributary.error.Errors;
import io.tributary.tensor.InitialValues;

/**
 * The training windows of one participant. Those of step {@code t} depend on (seed, participant, t)
 * only: a counter goes into a mixing function, and no state is kept between steps.
 *
 * <p>A window is {@code context + 1} consecutive bytes: each but the last is an input, each but the
 * first a target. Immutable, safe for any thread.
 */
public final class WindowSampler {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final byte[] text;
  private final long key;
  private final int context;
  private final int batch;

  WindowSampler(byte[] text, long seed, int participant, int context, int batch) {
    if (context < 1 || batch < 1) {
      throw Errors.invalidSetting("context, batch", context + ", " + batch, "at least 1 each");
    }
    this.text = text;
    this.key = InitialValues.mix(InitialValues.mix(seed) + GOLDEN_GAMMA * (participant + 1L));
    this.context = context;
    this.batch = batch;
  }

  /** Predicted bytes a window. */
  public int context() {
    return context;
  }

  /** Windows a step. */
  public int batch() {
    return batch;
  }

  /**
   * Writes the windows of {@code step} one after the other, bytes as numbers 0 to 255.
   *
   * @param into {@code batch * (context + 1)} numbers
   * @throws IllegalArgumentException if {@code into} has another length
   */
  public void fill(long step, long[] into) {
    int length = context + 1;
    if (into.length != batch * length) {
      throw new IllegalArgumentException(into.length + " numbers, expected " + batch * length);
    }
    long stepKey = InitialValues.mix(key + GOLDEN_GAMMA * step);
    int starts = text.length - context;
    for (int w = 0; w < batch; w++) {
      long draw = InitialValues.mix(stepKey + GOLDEN_GAMMA * (w + 1L));
      int start = (int) Long.remainderUnsigned(draw, starts);
      for (int i = 0; i < length; i++) {
        into[w * length + i] = text[start + i] & 0xFF;
      }
    }
  }
}
