package io.tributary.weights.compress;

/** The definition. */
final class LossScalarKernel implements LossKernel {
  @Override
  public double energy(float[] values) {
    var chains = new double[CHAINS];
    addSquares(values, 0, chains);
    return sum(chains);
  }

  @Override
  public double error(float[] values, float[] decoded) {
    var chains = new double[CHAINS];
    addErrors(values, decoded, 0, chains);
    return sum(chains);
  }

  /** Adds squares from an index on, a multiple of the number of chains. */
  static void addSquares(float[] values, int from, double[] chains) {
    for (int i = from; i < values.length; i++) {
      chains[i % CHAINS] += (double) values[i] * values[i];
    }
  }

  /** Adds squared differences from an index on, a multiple of the number of chains. */
  static void addErrors(float[] values, float[] decoded, int from, double[] chains) {
    for (int i = from; i < values.length; i++) {
      double off = (double) values[i] - decoded[i];
      chains[i % CHAINS] += off * off;
    }
  }

  static double sum(double[] chains) {
    double sum = 0;
    for (double chain : chains) {
      sum += chain;
    }
    return sum;
  }
}
