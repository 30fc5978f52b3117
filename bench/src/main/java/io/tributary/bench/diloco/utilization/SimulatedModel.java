package io.tributary.bench.diloco.utilization;

import java.util.List;

/**
 * A model whose training is simulated.
 *
 * @param name as tables have it
 * @param parameters the number of parameters
 * @param layers transformer layers, all of the same size
 * @param stepSeconds the time of an inner step that waits for nothing
 */
record SimulatedModel(String name, double parameters, int layers, double stepSeconds) {
  /** The models of table 4 of Streaming DiLoCo (arXiv 2501.18512), with their step times. */
  static final List<SimulatedModel> PUBLISHED =
      List.of(
          new SimulatedModel("1B", 1e9, 24, 0.1),
          new SimulatedModel("10B", 10e9, 48, 0.8),
          new SimulatedModel("100B", 100e9, 108, 4.9));

  /** Models that edge devices train; their step times are assumed, not measured. */
  static final List<SimulatedModel> EDGE =
      List.of(new SimulatedModel("16M", 16e6, 8, 0.5), new SimulatedModel("125M", 125e6, 12, 2.0));

  /** The layers of a fragment at every scale in the paper. */
  private static final int FRAGMENT_LAYERS = 3;

  /** P: fragments of three layers, rounded up. */
  int fragments() {
    return (layers + FRAGMENT_LAYERS - 1) / FRAGMENT_LAYERS;
  }
}
