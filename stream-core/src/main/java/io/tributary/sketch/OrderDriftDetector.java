package io.tributary.sketch;

/**
 * Notices that numbers can't have come in random order: that at some point of the stream their mean
 * changed by more than chance allows.
 *
 * <p>The numbers are gathered in up to {@value #BUCKETS} buckets of equal length; when these are
 * full, neighbours are joined. For each cut between buckets, the means before and after it are
 * compared; the {@link #score} is the largest difference in units of its own standard deviation,
 * which random order hardly ever brings above {@link #ALARM}.
 *
 * <p>Constant memory; for one thread at a time.
 */
public final class OrderDriftDetector {
  /** The score from which order is not random. */
  public static final double ALARM = 6;

  private static final int BUCKETS = 32;

  /** Too few numbers to know their variance; with fewer on one side of a cut, it isn't judged. */
  private static final int LEAST_SIDE = 24;

  private final double[] means = new double[BUCKETS];
  private final double[] squares = new double[BUCKETS];
  private long length = 1;
  private long inLast;
  private int used;

  /** Takes the next number. */
  public void add(double value) {
    if (used == 0 || inLast == length) {
      if (used == BUCKETS) {
        join();
      }
      means[used] = 0;
      squares[used] = 0;
      used++;
      inLast = 0;
    }
    inLast++;
    double off = value - means[used - 1];
    means[used - 1] += off / inLast;
    squares[used - 1] += off * (value - means[used - 1]);
  }

  private void join() {
    for (int i = 0; i < BUCKETS / 2; i++) {
      double off = means[2 * i + 1] - means[2 * i];
      squares[i] = squares[2 * i] + squares[2 * i + 1] + off * off * length / 2;
      means[i] = (means[2 * i] + means[2 * i + 1]) / 2;
    }
    used = BUCKETS / 2;
    length *= 2;
  }

  /** Forgets all numbers. */
  public void clear() {
    length = 1;
    inLast = 0;
    used = 0;
  }

  /** How far the numbers are from random order; 0 if there are too few to tell. */
  public double score() {
    return worst(false);
  }

  /**
   * The same for numbers whose mean may well rise, as it does while directions are learned: how far
   * it fell.
   */
  public double dropScore() {
    return worst(true);
  }

  private double worst(boolean dropsOnly) {
    var all = new Moments();
    for (int i = 0; i < used; i++) {
      all.add(count(i), means[i], squares[i]);
    }
    double worst = 0;
    var left = new Moments();
    for (int cut = 1; cut < used; cut++) {
      left.add(count(cut - 1), means[cut - 1], squares[cut - 1]);
      var right = new Moments();
      for (int i = cut; i < used; i++) {
        right.add(count(i), means[i], squares[i]);
      }
      boolean counts = !dropsOnly || right.mean < left.mean;
      if (counts && Math.min(left.count, right.count) >= LEAST_SIDE) {
        worst = Math.max(worst, score(left, right, all));
      }
    }
    return worst;
  }

  /*
   * The lesser of two scores: with the variances of both sides, and with that of all numbers. Alone,
   * the one is fooled by a short side whose variance happens to be small, the other by an outlier.
   */
  private static double score(Moments left, Moments right, Moments all) {
    double off = Math.abs(left.mean - right.mean);
    // Numbers that are equal but for rounding have no order.
    if (off <= 1e-9 * Math.abs(all.mean)) {
      return 0;
    }
    double apart = left.variance() / left.count + right.variance() / right.count;
    double together = all.variance() * (1 / left.count + 1 / right.count);
    return off / Math.sqrt(Math.max(apart, together));
  }

  private long count(int bucket) {
    return bucket == used - 1 ? inLast : length;
  }

  /** The state as numbers, for {@link #restore}. */
  public double[] state() {
    var state = new double[3 + 2 * BUCKETS];
    state[0] = length;
    state[1] = inLast;
    state[2] = used;
    System.arraycopy(means, 0, state, 3, BUCKETS);
    System.arraycopy(squares, 0, state, 3 + BUCKETS, BUCKETS);
    return state;
  }

  /**
   * Takes a state over.
   *
   * @throws IllegalArgumentException if it is none
   */
  public void restore(double[] state) {
    if (state.length != 3 + 2 * BUCKETS || !(state[2] >= 0 && state[2] <= BUCKETS)) {
      throw new IllegalArgumentException("no state of an order drift detector");
    }
    length = (long) state[0];
    inLast = (long) state[1];
    used = (int) state[2];
    System.arraycopy(state, 3, means, 0, BUCKETS);
    System.arraycopy(state, 3 + BUCKETS, squares, 0, BUCKETS);
  }

  /** Count, mean and sum of squared distances from it, of buckets together. */
  private static final class Moments {
    private double count;
    private double mean;
    private double squares;

    void add(long rows, double itsMean, double itsSquares) {
      double more = rows;
      double off = itsMean - mean;
      double total = count + more;
      squares += itsSquares + off * off * count * more / total;
      mean += off * more / total;
      count = total;
    }

    double variance() {
      return squares / (count - 1);
    }
  }
}
