package io.tributary.bench.diloco.utilization;

import java.util.Arrays;

/**
 * The time line of one replica, layer by layer: forward from the first layer to the last, backward
 * from the last to the first, and one network that carries the exchanged layers in the order in
 * which the backward pass reaches them. A transfer begins as soon as its layer's backward pass is
 * done and the network is free; a forward pass waits at a layer whose exchange is due and still
 * under way. Everything else goes on meanwhile.
 *
 * <p>Backward takes twice as long as forward. Latency is zero. This is the model behind table 4 of
 * Streaming DiLoCo (arXiv 2501.18512) as far as the paper tells it; {@link #VOLUME} is ours.
 */
final class LayerwiseTimeline {
  /**
   * The share of 16 bits a parameter that an exchange takes in the published table, or, what is the
   * same here, the share by which its step times are longer than printed. The paper doesn't give
   * it; the printed cells of data parallelism and DiLoCo, which depend on little else, agree with
   * 0.831 to 0.839 and with nothing outside of it.
   */
  static final double VOLUME = 5.0 / 6;

  /** H of the published table. */
  static final int INTERVAL = 100;

  private static final double FORWARD_SHARE = 1.0 / 3;
  private static final int WARM_UP_INTERVALS = 1;
  private static final int MEASURED_INTERVALS = 2;

  private final SimulatedModel model;
  private final SimulatedMethod method;

  LayerwiseTimeline(SimulatedModel model, SimulatedMethod method) {
    this.model = model;
    this.method = method;
  }

  /** The share of time in which the replica computes, with a network of so many bits a second. */
  double utilization(double bitsPerSecond) {
    int layers = model.layers();
    double forward = FORWARD_SHARE * model.stepSeconds() / layers;
    double backward = (1 - FORWARD_SHARE) * model.stepSeconds() / layers;
    double transfer = VOLUME * method.bits() * model.parameters() / layers / bitsPerSecond;
    double[] arrival = new double[layers];
    int[] due = new int[layers];
    Arrays.fill(due, -1);
    double now = 0;
    double networkFree = 0;
    double measuredFrom = 0;
    int steps = (WARM_UP_INTERVALS + MEASURED_INTERVALS) * INTERVAL;
    for (int step = 0; step < steps; step++) {
      if (step == WARM_UP_INTERVALS * INTERVAL) {
        measuredFrom = now;
      }
      for (int layer = 0; layer < layers; layer++) {
        if (due[layer] == step) {
          now = Math.max(now, arrival[layer]);
        }
        now += forward;
      }
      for (int layer = layers - 1; layer >= 0; layer--) {
        now += backward;
        if (method.exchanges(layer, step, INTERVAL, model.fragments())) {
          networkFree = Math.max(networkFree, now) + transfer;
          arrival[layer] = networkFree;
          due[layer] = step + 1 + method.delay();
        }
      }
    }
    return MEASURED_INTERVALS * INTERVAL * model.stepSeconds() / (now - measuredFrom);
  }

  /**
   * The smallest bandwidth of the published grid, in Gbit/s, with which the replica computes at
   * least the given share of its time.
   */
  double bandwidthFor(double utilization) {
    int low = 0;
    int high = BandwidthGrid.SIZE - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (utilization(BandwidthGrid.gbit(middle) * 1e9) >= utilization) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return BandwidthGrid.gbit(low);
  }
}
