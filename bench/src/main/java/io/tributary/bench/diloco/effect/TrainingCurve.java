package io.tributary.bench.diloco.effect;

import java.util.ArrayList;
import java.util.List;

/**
 * How the training loss of a method went down.
 *
 * @param method the method
 * @param codec its codec policy
 * @param h as in the row
 * @param seed the seed
 * @param losses the mean over all agents in each of {@value #PARTS} equal parts of the run, nats a
 *     byte; of windows that are new to the model, before the step that trains on them
 */
public record TrainingCurve(String method, String codec, int h, long seed, List<Double> losses) {
  static final int PARTS = 20;

  /** Copies the list. */
  public TrainingCurve {
    losses = List.copyOf(losses);
  }

  /** Collects the losses of a run; safe for any thread. */
  static final class Collector {
    private final int steps;
    private final double[] sums = new double[PARTS];
    private final int[] counts = new int[PARTS];

    Collector(int steps) {
      this.steps = steps;
    }

    /** A step, counted from 1, had a loss. */
    synchronized void add(int step, double loss) {
      int part = (int) ((long) (step - 1) * PARTS / steps);
      sums[part] += loss;
      counts[part]++;
    }

    synchronized TrainingCurve curve(EffectRow row) {
      var losses = new ArrayList<Double>();
      for (int part = 0; part < PARTS; part++) {
        losses.add(sums[part] / Math.max(1, counts[part]));
      }
      return new TrainingCurve(row.method(), row.codec(), row.h(), row.seed(), losses);
    }
  }

  /** Whether it is a row's. */
  boolean isOf(EffectRow row) {
    return method.equals(row.method())
        && codec.equals(row.codec())
        && h == row.h()
        && seed == row.seed();
  }
}
