package io.tributary.bench.amaq;

import io.tributary.codec.CutPlan;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import java.util.SplittableRandom;

/**
 * What bits that begin high and fall cost over a whole run, found by a trial without training: the
 * gates get slopes that are noise.
 */
final class EarlyPhase {
  private static final double LEAST = 2.05;
  private static final int TURNS = 12;
  private static final long SEED = 1;

  private final LearnedCodecs codecs;
  private final int channels;
  private final int steps;

  EarlyPhase(LearnedCodecs codecs, int channels, int steps) {
    this.codecs = codecs;
    this.channels = channels;
    this.steps = steps;
  }

  /**
   * The bits to end with, so that the mean over all steps is the budget, or the least there are.
   */
  double lastBits(String codec, double start, double budget) {
    double low = LEAST;
    double high = budget;
    for (int turn = 0; turn < TURNS; turn++) {
      double middle = (low + high) / 2;
      if (meanOverRun(codec, start, middle) > budget) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return low;
  }

  private double meanOverRun(String codec, double start, double last) {
    LearnedCodec owner = codecs.open(codec, new CutPlan(channels, 1, last, start, steps, SEED));
    var random = new SplittableRandom(SEED);
    double sum = 0;
    for (int step = 0; step < steps; step++) {
      for (float bits : owner.bits()) {
        sum += bits;
      }
      var slopes = new float[channels];
      for (int c = 0; c < channels; c++) {
        slopes[c] = (float) (random.nextDouble() - 0.5);
      }
      owner.addSlopes(slopes);
      owner.update();
    }
    return sum / steps / channels;
  }
}
