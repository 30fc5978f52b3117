package io.tributary.run;

import io.tributary.error.Errors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * When fragments are exchanged (algorithm 2 of the paper): fragment {@code p} of {@code F} is sent
 * after each step {@code t} with {@code (t - t_p) mod H = 0}, offsets {@code t_p = floor(p H / F)},
 * and its aggregate is applied {@code tau} steps later, or at the last step if that comes first.
 * After the last step every fragment that wasn't sent there is exchanged once more (the flush),
 * without delay, so that the outer parameters hold all that was learned.
 *
 * <p>In other words: the run goes in cycles of H steps, in each of which every fragment is sent
 * once, fragment {@code p} {@code floor(p H / F)} steps after the cycle's begin and fragment 0 at
 * its end. With an interval that grows each cycle has the H of the step that it begins after, so
 * two exchanges of a fragment are never closer than the shorter of their cycles.
 *
 * <p>A pure function of its arguments; immutable. Of constant size, but for intervals that grow: an
 * integer a cycle.
 */
public final class SyncSchedule {
  private static final int MOST_STEPS_THAT_GROW = 1 << 24;

  private final int fragments;
  private final int steps;
  private final int delay;

  /** H where it is the same in all cycles. */
  private final int interval;

  /** Where cycles begin, and the last one ends; empty if H is the same in all. */
  private final int[] begins;

  /** The schedule of {@code fragments} fragments with the same H over all steps. */
  public SyncSchedule(int fragments, int steps, int interval, int delay) {
    this(fragments, steps, ExchangeInterval.fixed(interval), delay);
  }

  /**
   * The schedule of {@code fragments} fragments over {@code steps} inner steps.
   *
   * @param interval H, at least the number of fragments, at most {@code steps}
   * @param delay tau, 0 to H - 1
   */
  public SyncSchedule(int fragments, int steps, ExchangeInterval interval, int delay) {
    int first = interval.first();
    if (fragments < 1) {
      throw Errors.invalidSetting("fragments", fragments, "at least 1");
    }
    if (first < fragments) {
      throw Errors.invalidSetting(
          "h", first, "at least the number of fragments with the base, " + fragments);
    }
    if (steps < first) {
      throw Errors.invalidSetting("steps", steps, "at least h, " + first);
    }
    if (delay < 0 || delay >= first) {
      throw Errors.invalidSetting("tau", delay, "0 to h - 1, " + (first - 1));
    }
    if (interval.grows() && steps > MOST_STEPS_THAT_GROW) {
      throw Errors.invalidSetting(
          "steps", steps, "at most " + MOST_STEPS_THAT_GROW + " with an h that grows");
    }
    this.fragments = fragments;
    this.steps = steps;
    this.delay = delay;
    this.interval = first;
    begins = interval.grows() ? cycles(interval, steps) : new int[0];
  }

  private static int[] cycles(ExchangeInterval interval, int steps) {
    var begins = new int[steps / interval.first() + 2];
    int cycle = 0;
    while (begins[cycle] < steps) {
      begins[cycle + 1] = begins[cycle] + interval.after(begins[cycle], steps);
      cycle++;
    }
    return Arrays.copyOf(begins, cycle + 1);
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
    int sent = (int) sendStep(fragment, version - 1);
    return new Exchange(fragment, version, sent, (int) Math.min((long) sent + delay, steps));
  }

  /** The version of a fragment when the run is over. */
  public int lastVersion(int fragment) {
    int regular = regular(fragment);
    return regular + (sendStep(fragment, regular - 1) == steps ? 0 : 1);
  }

  /** The exchanges whose contribution is cut after {@code step}, by fragment. */
  public List<Exchange> sentAt(int step) {
    var sent = new ArrayList<Exchange>();
    for (int f = 0; f < fragments; f++) {
      if (step == steps) {
        sent.add(exchange(f, lastVersion(f)));
      } else if (step > 0 && step < steps && sendStep(f, cycleOf(step)) == step) {
        sent.add(exchange(f, cycleOf(step) + 1));
      }
    }
    return sent;
  }

  /** The exchanges cut before {@code step} whose aggregate is applied after it, by fragment. */
  public List<Exchange> arrivingAt(int step) {
    var arriving = new ArrayList<Exchange>();
    for (int f = 0; step <= steps && f < fragments; f++) {
      // At the last step all that is under way arrives: at most one, since tau is less than H.
      int version = sentUpTo(f, step == steps ? step - 1 : step - delay);
      if (version > 0) {
        Exchange exchange = exchange(f, version);
        if (exchange.applyStep() == step && exchange.sendStep() < step) {
          arriving.add(exchange);
        }
      }
    }
    return arriving;
  }

  /** The number of a fragment's exchanges without the flush, at least 1. */
  private int regular(int fragment) {
    return sentUpTo(fragment, steps);
  }

  /** The newest version of a fragment that is sent up to a step, the flush aside; 0 for none. */
  private int sentUpTo(int fragment, int step) {
    if (step < 1) {
      return 0;
    }
    int cycle = cycleOf(step);
    return cycle + (sendStep(fragment, cycle) <= step ? 1 : 0);
  }

  /** The step in which a fragment is sent in a cycle, perhaps beyond the last step. */
  private long sendStep(int fragment, int cycle) {
    java.util.Objects.checkIndex(fragment, fragments);
    long begin = begins.length == 0 ? (long) cycle * interval : begins[cycle];
    long length = begins.length == 0 ? interval : begins[cycle + 1] - begins[cycle];
    return begin + (fragment == 0 ? length : fragment * length / fragments);
  }

  /** The cycle of a step, counted from 0: it begins before the step and ends not before it. */
  private int cycleOf(int step) {
    if (begins.length == 0) {
      return (step - 1) / interval;
    }
    int found = Arrays.binarySearch(begins, step);
    return found >= 0 ? found - 1 : -found - 2;
  }
}
