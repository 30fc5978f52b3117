package io.tributary.weights.allocate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Shares a budget of bits among tensors that each have a choice of sizes: from the smallest sizes
 * on, the step that saves most loss for its bits is taken again and again while the budget lasts.
 * On lower convex hulls, which is all that is looked at, that is the best choice but for the last
 * step (Fox, "Discrete optimization via marginal analysis", 1966).
 */
public final class BitBudget {
  private BitBudget() {}

  /**
   * A size that a tensor may have.
   *
   * @param bits that it takes
   * @param loss that it costs, in any unit that all tensors share
   */
  public record Option(long bits, double loss) {}

  /** A step of one tensor from one option on its hull to the next. */
  private record Step(int tensor, int from, int to, long bits, double gain) {}

  /** The bits of the smallest options together. */
  public static long least(List<List<Option>> tensors) {
    long bits = 0;
    for (List<Option> options : tensors) {
      bits += options.stream().mapToLong(Option::bits).min().orElse(0);
    }
    return bits;
  }

  /**
   * Chooses an option for each tensor.
   *
   * @param tensors each with one option or more
   * @param budget in bits, at least {@link #least}
   * @return the index of each tensor's option
   */
  public static int[] share(List<List<Option>> tensors, long budget) {
    var chosen = new int[tensors.size()];
    var hulls = new ArrayList<List<Integer>>();
    var steps =
        new PriorityQueue<Step>(
            Comparator.<Step>comparingDouble(step -> -step.gain / step.bits)
                .thenComparingInt(step -> step.tensor));
    long left = budget;
    for (int i = 0; i < chosen.length; i++) {
      List<Option> options = tensors.get(i);
      List<Integer> hull = hull(options);
      hulls.add(hull);
      chosen[i] = hull.get(0);
      left -= options.get(hull.get(0)).bits();
      add(steps, i, 0, hull, options);
    }
    while (!steps.isEmpty()) {
      Step step = steps.remove();
      if (step.bits <= left) {
        left -= step.bits;
        chosen[step.tensor] = hulls.get(step.tensor).get(step.to);
        add(steps, step.tensor, step.to, hulls.get(step.tensor), tensors.get(step.tensor));
      }
    }
    return chosen;
  }

  private static void add(
      PriorityQueue<Step> steps, int tensor, int from, List<Integer> hull, List<Option> options) {
    if (from + 1 < hull.size()) {
      Option now = options.get(hull.get(from));
      Option next = options.get(hull.get(from + 1));
      steps.add(new Step(tensor, from, from + 1, next.bits - now.bits, now.loss - next.loss));
    }
  }

  /** The options of the lower convex hull by ascending bits, each with less loss than the last. */
  private static List<Integer> hull(List<Option> options) {
    var order = new ArrayList<Integer>();
    for (int i = 0; i < options.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.<Integer>comparingLong(i -> options.get(i).bits())
            .thenComparingDouble(i -> options.get(i).loss()));
    var hull = new ArrayList<Integer>();
    for (int next : order) {
      Option added = options.get(next);
      if (!hull.isEmpty() && added.loss >= options.get(hull.get(hull.size() - 1)).loss) {
        continue;
      }
      while (hull.size() >= 2
          && slope(options.get(hull.get(hull.size() - 2)), options.get(hull.get(hull.size() - 1)))
              <= slope(options.get(hull.get(hull.size() - 2)), added)) {
        hull.remove(hull.size() - 1);
      }
      hull.add(next);
    }
    return hull;
  }

  /** The loss saved for each bit more. */
  private static double slope(Option from, Option to) {
    return (from.loss - to.loss) / (to.bits - from.bits);
  }
}
