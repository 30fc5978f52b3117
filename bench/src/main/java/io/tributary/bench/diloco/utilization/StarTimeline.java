package io.tributary.bench.diloco.utilization;

import io.tributary.run.Exchange;
import io.tributary.run.SyncSchedule;

/**
 * The time line of one agent of this product: a contribution leaves after its inner step, the
 * change comes back over the same full-duplex link once it is whole at the coordinator, and the
 * agent waits at the end of the step in which the change is due. All agents are alike; coding and
 * the outer step take no time; latency is zero. Follows {@link SyncSchedule}, as the product does.
 */
final class StarTimeline {
  private static final int INTERVALS = 20;

  private final SimulatedModel model;
  private final SyncSchedule schedule;
  private final int steps;

  /** A time line with an exchange of each fragment every {@code interval} steps. */
  StarTimeline(SimulatedModel model, int interval, int delay) {
    this.model = model;
    steps = INTERVALS * interval;
    // One interval more, so that the flush at the end of a run isn't in what is measured.
    schedule = new SyncSchedule(model.fragments(), steps + interval, interval, delay);
  }

  /**
   * The share of time in which the agent computes.
   *
   * @param bitsUp bits that a contribution takes for each parameter
   * @param bitsDown bits that a change takes for each parameter
   * @param bitsPerSecond the link's speed, each way
   */
  double utilization(double bitsUp, double bitsDown, double bitsPerSecond) {
    double parameters = model.parameters() / model.fragments();
    double up = bitsUp * parameters / bitsPerSecond;
    double down = bitsDown * parameters / bitsPerSecond;
    double[] arrival = new double[model.fragments()];
    double now = 0;
    double upFree = 0;
    double downFree = 0;
    for (int step = 1; step <= steps; step++) {
      now += model.stepSeconds();
      for (Exchange due : schedule.arrivingAt(step)) {
        now = Math.max(now, arrival[due.fragment()]);
      }
      for (Exchange sent : schedule.sentAt(step)) {
        upFree = Math.max(upFree, now) + up;
        downFree = Math.max(downFree, upFree) + down;
        arrival[sent.fragment()] = downFree;
        if (sent.applyStep() == step) {
          now = downFree;
        }
      }
    }
    return steps * model.stepSeconds() / now;
  }
}
