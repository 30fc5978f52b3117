package io.tributary.run;

import io.tributary.error.Errors;
import java.util.ArrayList;
import java.util.List;

/**
 * When fragments are exchanged (algorithm 2 of the paper): fragment {@code p} of {@code F} is sent
 * after each step {@code t} with {@code (t - t_p) mod H = 0}, offsets {@code t_p = floor(p H / F)},
 * and its aggregate is applied {@code tau} steps later, or at the last step if that comes first.
 * After the last step every fragment that wasn't sent there is exchanged once more (the flush),
 * without delay, so that the outer parameters hold all that was learned. A pure function of its
 * arguments; immutable.
 */
public final class SyncSchedule {
  private final List<List<Exchange>> byFragment;
  private final int steps;

  /**
   * The schedule of {@code fragments} fragments over {@code steps} inner steps.
   *
   * @param interval H, at least the number of fragments, at most {@code steps}
   * @param delay tau, 0 to H - 1
   */
  public SyncSchedule(int fragments, int steps, int interval, int delay) {
    if (interval < fragments) {
      throw Errors.invalidSetting(
          "h", interval, "at least the number of fragments with the base, " + fragments);
    }
    if (steps < interval) {
      throw Errors.invalidSetting("steps", steps, "at least h, " + interval);
    }
    if (delay < 0 || delay >= interval) {
      throw Errors.invalidSetting("tau", delay, "0 to h - 1, " + (interval - 1));
    }
    this.steps = steps;
    byFragment = new ArrayList<>();
    for (int p = 0; p < fragments; p++) {
      byFragment.add(
          List.copyOf(exchanges(p, (int) ((long) p * interval / fragments), interval, delay)));
    }
  }

  private List<Exchange> exchanges(int fragment, int offset, int interval, int delay) {
    var list = new ArrayList<Exchange>();
    for (int t = offset == 0 ? interval : offset; t <= steps; t += interval) {
      list.add(new Exchange(fragment, list.size() + 1, t, Math.min(t + delay, steps)));
    }
    if (list.get(list.size() - 1).sendStep() < steps) {
      list.add(new Exchange(fragment, list.size() + 1, steps, steps));
    }
    return list;
  }

  /** The number of inner steps of the run. */
  public int steps() {
    return steps;
  }

  /** All exchanges of one fragment, by version; version {@code v} is at index {@code v - 1}. */
  public List<Exchange> exchanges(int fragment) {
    return byFragment.get(fragment);
  }

  /** The exchange of a fragment's version, 1 to {@link #lastVersion}. */
  public Exchange exchange(int fragment, int version) {
    return byFragment.get(fragment).get(version - 1);
  }

  /** The version of a fragment when the run is over. */
  public int lastVersion(int fragment) {
    return byFragment.get(fragment).size();
  }

  /** The exchanges whose contribution is cut after {@code step}, by fragment. */
  public List<Exchange> sentAt(int step) {
    return byFragment.stream().flatMap(List::stream).filter(e -> e.sendStep() == step).toList();
  }

  /** The exchanges cut before {@code step} whose aggregate is applied after it, by fragment. */
  public List<Exchange> arrivingAt(int step) {
    return byFragment.stream()
        .flatMap(List::stream)
        .filter(e -> e.applyStep() == step && e.sendStep() < step)
        .toList();
  }

  /** The number of exchanges of all fragments. */
  public int total() {
    return byFragment.stream().mapToInt(List::size).sum();
  }
}
