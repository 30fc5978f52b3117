package io.tributary.bench.diloco.utilization;

import java.util.List;
import java.util.Map;

/**
 * Table 4 of Douillard et al., "Streaming DiLoCo with overlapping communication" (arXiv
 * 2501.18512): the bandwidth in Gbit/s that a compute utilization takes.
 */
final class PublishedTable {
  /** The columns. */
  static final List<Double> UTILIZATIONS = List.of(0.5, 0.8, 0.9, 0.95, 0.99);

  /** By model, a row for each {@link SimulatedMethod} in order. */
  private static final Map<String, double[][]> GBIT =
      Map.of(
          "1B",
          new double[][] {
            {86.8, 152.6, 184.2, 222.3, 569.0},
            {1.4, 6.2, 13.3, 23.3, 86.8},
            {1.4, 5.2, 9.1, 16.0, 28.1},
            {1.4, 4.3, 6.2, 9.1, 11.0},
            {0.4, 0.9, 1.7, 2.0, 3.0}
          },
          "10B",
          new double[][] {
            {104.8, 222.3, 222.3, 268.3, 471.5},
            {1.7, 7.5, 16.0, 33.9, 104.8},
            {1.7, 5.2, 9.1, 13.3, 19.3},
            {1.7, 3.6, 5.2, 6.2, 7.5},
            {0.4, 0.9, 1.4, 1.4, 1.7}
          },
          "100B",
          new double[][] {
            {184.2, 323.8, 390.7, 390.7, 471.5},
            {3.0, 11.0, 23.3, 49.4, 184.2},
            {2.4, 6.2, 9.1, 11.0, 19.3},
            {1.7, 3.6, 4.3, 5.2, 5.2},
            {0.5, 0.9, 1.1, 1.1, 1.4}
          });

  private PublishedTable() {}

  /** One row of the table. */
  static double[] row(SimulatedModel model, int method) {
    double[][] rows = GBIT.get(model.name());
    if (rows == null) {
      throw new IllegalArgumentException("no published rows for " + model.name());
    }
    return rows[method].clone();
  }
}
