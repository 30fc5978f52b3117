package io.tributary.weights.compress;

import io.tributary.tensor.RowMatrix;
import io.tributary.weights.OutputLoss;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What the blocks of a matrix lost, added up in the blocks' order, so that the sums don't depend on
 * who was first. Safe for any thread.
 */
final class BlockLoss {
  private final RowMatrix original;
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
  BlockLoss(RowMatrix original, double @Nullable [] hessian) {
    this.original = original;
    this.hessian = hessian;
  }

  /** Adds a block's loss. */
  void add(long block, long first, int rows, float[] decoded) {
    var values = new float[decoded.length];
    original.read(first, rows, values, 0);
    int width = original.width();
    double error = 0;
    double energy = 0;
    for (int row = 0; row < rows; row++) {
      error += squares(values, decoded, row * width, width);
      energy += squares(values, null, row * width, width);
    }
    if (Double.isNaN(error)) {
      error = errorOfOdd(values, decoded);
    }
    double proxy = 0;
    double output = 0;
    if (hessian != null) {
      output = OutputLoss.of(values, 0, rows, width, hessian);
      for (int i = 0; i < values.length; i++) {
        values[i] -= decoded[i];
      }
      proxy = OutputLoss.of(values, 0, rows, width, hessian);
    }
    blocks.put(block, new Sums(error, energy, proxy, output));
  }

  /** The sum of squared differences, or of squares; four sums that needn't wait for each other. */
  private static double squares(float[] values, float @Nullable [] less, int at, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int end = at + count;
    int i = at;
    if (less == null) {
      for (; i + 4 <= end; i += 4) {
        a += (double) values[i] * values[i];
        b += (double) values[i + 1] * values[i + 1];
        c += (double) values[i + 2] * values[i + 2];
        d += (double) values[i + 3] * values[i + 3];
      }
    } else {
      for (; i + 4 <= end; i += 4) {
        double offA = (double) values[i] - less[i];
        double offB = (double) values[i + 1] - less[i + 1];
        double offC = (double) values[i + 2] - less[i + 2];
        double offD = (double) values[i + 3] - less[i + 3];
        a += offA * offA;
        b += offB * offB;
        c += offC * offC;
        d += offD * offD;
      }
    }
    for (; i < end; i++) {
      double off = less == null ? values[i] : (double) values[i] - less[i];
      a += off * off;
    }
    return (a + b) + (c + d);
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
