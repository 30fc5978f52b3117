package io.tributary.weights.compress;

import io.tributary.weights.OutputLoss;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What the blocks of a matrix lost, added up in the blocks' order, so that the sums don't depend on
 * who was first. Safe for any thread.
 */
final class BlockLoss {
  private static final LossKernel KERNEL = LossKernel.best();

  private final double @Nullable [] hessian;
  private final Map<Long, Sums> blocks = new ConcurrentSkipListMap<>();

  /** Squared errors, squared weights, and both as the Hessian weighs them. */
  private record Sums(double error, double energy, double proxy, double output) {
    Sums plus(Sums other) {
      return new Sums(
          error + other.error, energy + other.energy, proxy + other.proxy, output + other.output);
    }
  }

  /**
   * The losses of a matrix.
   *
   * @param hessian of its inputs, if it is known
   */
  BlockLoss(double @Nullable [] hessian) {
    this.hessian = hessian;
  }

  /**
   * Adds a block's loss.
   *
   * @param values its weights
   * @param decoded what they are decoded to
   */
  void add(long block, int rows, float[] values, float[] decoded) {
    double error = KERNEL.error(values, decoded);
    double energy = KERNEL.energy(values);
    if (Double.isNaN(error)) {
      error = errorOfOdd(values, decoded);
    }
    double proxy = 0;
    double output = 0;
    if (hessian != null) {
      int width = values.length / rows;
      output = OutputLoss.of(values, 0, rows, width, hessian);
      var off = new float[values.length];
      for (int i = 0; i < off.length; i++) {
        off[i] = values[i] - decoded[i];
      }
      proxy = OutputLoss.of(off, 0, rows, width, hessian);
    }
    blocks.put(block, new Sums(error, energy, proxy, output));
  }

  /** The squared error where some values aren't finite: those that are kept as they are cost 0. */
  private static double errorOfOdd(float[] values, float[] decoded) {
    double error = 0;
    for (int i = 0; i < values.length; i++) {
      double off = (double) values[i] - decoded[i];
      if (values[i] != decoded[i] && !(Float.isNaN(values[i]) && Float.isNaN(decoded[i]))) {
        error += off * off;
      }
    }
    return error;
  }

  private Sums total() {
    return blocks.values().stream().reduce(new Sums(0, 0, 0, 0), Sums::plus);
  }

  /** The squared error over the squared weights, 0 if nothing was lost. */
  double weightError() {
    Sums total = total();
    return total.error == 0 ? 0 : total.error / total.energy;
  }

  /** The same of the outputs; null if the inputs aren't known. */
  @Nullable Double proxyLoss() {
    Sums total = total();
    return hessian == null ? null : total.proxy == 0 ? 0 : total.proxy / total.output;
  }
}
