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
 * arguments, of constant size whatever the number of steps; immutable.
 */
public final class SyncSchedule {
  private final int fragments;
  private final int steps;
  private final int interval;
  private final int delay;

  /**
   * The schedule of {@code fragments} fragments over {@code steps} inner steps.
   *
   * @param interval H, at least the number of fragments, at most {@code steps}
   * @param delay tau, 0 to H - 1
   */
  public SyncSchedule(int fragments, int steps, int interval, int delay) {
    if (fragments < 1) {
      throw Errors.invalidSetting("fragments", fragments, "at least 1");
    }
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
    this.fragments = fragments;
    this.steps = steps;
    this.interval = interval;
    this.delay = delay;
  }

  /** The number of inner steps of the run. */
  public int steps() {
    return steps;
  }

  /** The exchange of a fragment's version, 1 to {@link #lastVersion}. */
  public Exchange exchange(int fragment, int version) {
    java.util.Objects.checkIndex(version - 1, lastVersion(fragment));
    if (version > regular(fragment)) {
      return new Exchange(fragment, version, steps, steps);
    }
    int sent = firstSend(fragment) + (version - 1) * interval;
    return new Exchange(fragment, version, sent, (int) Math.min((long) sent + delay, steps));
  }

  /** The version of a fragment when the run is over. */
  public int lastVersion(int fragment) {
    boolean flushed = (steps - firstSend(fragment)) % interval != 0;
    return regular(fragment) + (flushed ? 1 : 0);
  }

  /** The exchanges whose contribution is cut after {@code step}, by fragment. */
  public List<Exchange> sentAt(int step) {
    var sent = new ArrayList<Exchange>();
    for (int f = 0; f < fragments; f++) {
      int since = step - firstSend(f);
      if (step == steps) {
        sent.add(exchange(f, lastVersion(f)));
      } else if (since >= 0 && step < steps && since % interval == 0) {
        sent.add(exchange(f, since / interval + 1));
      }
    }
    return sent;
  }

  /** The exchanges cut before {@code step} whose aggregate is applied after it, by fragment. */
  public List<Exchange> arrivingAt(int step) {
    var arriving = new ArrayList<Exchange>();
    for (int f = 0; step <= steps && f < fragments; f++) {
      // At the last step all that is under way arrives: at most one, since tau is less than H.
      int version = step == steps ? sentBefore(f, step) : sentBefore(f, step - delay + 1);
      if (version > 0) {
        Exchange exchange = exchange(f, version);
        if (exchange.applyStep() == step && exchange.sendStep() < step) {
          arriving.add(exchange);
        }
      }
    }
    return arriving;
  }

  /** The newest version of a fragment that was sent before a step, 0 for none. */
  private int sentBefore(int fragment, int step) {
    int since = step - 1 - firstSend(fragment);
    return since < 0 ? 0 : since / interval + 1;
  }

  /** The step of a fragment's first exchange, 1 to H. */
  private int firstSend(int fragment) {
    java.util.Objects.checkIndex(fragment, fragments);
    int offset = (int) ((long) fragment * interval / fragments);
    return offset == 0 ? interval : offset;
  }

  /** The number of a fragment's exchanges without the flush, at least 1. */
  private int regular(int fragment) {
    return (steps - firstSend(fragment)) / interval + 1;
  }
}
