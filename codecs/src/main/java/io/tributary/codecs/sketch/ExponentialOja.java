package io.tributary.codecs.sketch;

import io.tributary.error.Errors;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchResult;
import io.tributary.sketch.SketchResult.Direction;
import io.tributary.sketch.SketchResult.Verdict;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Oja's rule with a grid of rates, for rows in any order if the gap is large (Price and Xun, 2024).
 *
 * <p>For each rate η a vector v, at first random, gets {@code γ a⟨a, v⟩} added for each row a,
 * where {@code γ = (exp(η‖a‖²) − 1)/‖a‖²}: what many tiny pieces of the row would do together, so
 * that a heavy row can't throw a vector off its way. A vector's length only grows; the logarithm of
 * its growth shows whether a rate was large enough: at least {@value #PASS_FACTOR}·ln d. The answer
 * is the vector of the smallest rate that was. If none was, the method says that it failed.
 *
 * <p><b>Unknown scale.</b> Rates are powers of two. A rate joins, with a new random vector, when
 * {@code η‖A‖²} of the rows so far reaches 1/64: what it missed would have moved it by less than
 * that. A rate leaves when a smaller one passed. Between the two there are some two dozen rates at
 * most, whatever the rows' scale and number; if the budget has no room for them, the largest go,
 * and the method may fail.
 */
final class ExponentialOja extends StreamSketch {
  private static final int PASS_FACTOR = 2;
  private static final double JOIN = 1 / 64.0;

  /** The largest exponent: a length may grow by its exponential and still be a double. */
  private static final double MOST_EXPONENT = 300;

  private static final int MOST_RATES = 64;
  private static final int LEAST_RATES = 4;

  /** Vectors' lengths are made 1 again when the sum of exponents since may have reached this. */
  private static final double MOST_GROWTH = 600;

  private final int capacity;
  private final double pass;
  private final double[] vectors;
  private final double[] products;
  private final double[] factors;
  private final double[] growth;
  private final double[] pending;

  /** The rates: powers of two, the largest exponent first, without gaps. */
  private int largest;

  private int count;
  private long joined;

  ExponentialOja(SketchOptions options, SketchKernel kernel) {
    super(ExponentialOjaProvider.NAME, options, kernel);
    capacity = capacity(options);
    pass = PASS_FACTOR * Math.max(1, StrictMath.log(width));
    vectors = space.doubles(capacity * width);
    products = space.doubles(capacity);
    factors = space.doubles(capacity);
    growth = space.doubles(capacity);
    pending = space.doubles(capacity);
  }

  private static int capacity(SketchOptions options) {
    int width = options.width();
    if (options.directions() > 1) {
      throw Errors.invalidSetting(
          "directions of " + ExponentialOjaProvider.NAME, options.directions(), "1");
    }
    int capacity =
        (int) Math.min(MOST_RATES, (options.mostBytes() - BASE_BYTES) / (8L * width + 4 * 8));
    if (capacity < LEAST_RATES) {
      throw Errors.invalidSetting(
          "budget of " + ExponentialOjaProvider.NAME,
          options.mostBytes(),
          "at least " + bytes(width, LEAST_RATES) + " bytes");
    }
    return capacity;
  }

  /** The bytes of a sketch with these options. */
  static long bytes(SketchOptions options) {
    return bytes(options.width(), capacity(options));
  }

  /** The bytes of a sketch with that many rates. */
  static long bytes(int width, long capacity) {
    return BASE_BYTES + Double.BYTES * capacity * (width + 4);
  }

  @Override
  void take(float[] values, int from, int rowCount, double[] squares, int at) {
    double before = energy();
    for (int i = at; i < at + rowCount; i++) {
      before -= squares[i];
    }
    for (int i = 0; i < rowCount; i++) {
      before = Math.max(0, before) + squares[at + i];
      join(before);
      step(values, from + i * width, squares[at + i]);
    }
  }

  /** Lets rates in until the smallest is no larger than the rows so far deserve. */
  private void join(double energy) {
    int wanted = Math.getExponent(JOIN / energy);
    if (count == 0) {
      // With one row, this one is sure to pass.
      largest = Math.getExponent(4 * pass / energy) + 1;
    }
    while (count == 0 || largest - count + 1 > wanted) {
      if (count == capacity) {
        remove(1);
      }
      Basis.randomize(vectors, count * width, width, options.seed(), joined++);
      Basis.normalize(vectors, count * width, width);
      growth[count] = 0;
      pending[count] = 0;
      count++;
    }
  }

  /** Removes the largest rates. */
  private void remove(int rates) {
    System.arraycopy(vectors, rates * width, vectors, 0, (count - rates) * width);
    System.arraycopy(growth, rates, growth, 0, count - rates);
    System.arraycopy(pending, rates, pending, 0, count - rates);
    count -= rates;
    largest -= rates;
  }

  private void step(float[] values, int from, double square) {
    for (int i = 0; i < count; i++) {
      double exponent = Math.min(MOST_EXPONENT, Math.scalb(square, largest - i));
      if (pending[i] + exponent > MOST_GROWTH) {
        shorten(i);
      }
      pending[i] += exponent;
      factors[i] = StrictMath.expm1(exponent) / square;
    }
    kernel.products(values, from, 1, width, vectors, count, products);
    for (int i = 0; i < count; i++) {
      factors[i] *= products[i];
    }
    kernel.accumulate(values, from, 1, width, factors, count, vectors);
    for (int i = count - 1; i > 0; i--) {
      // A bound first, so that lengths are not computed for each row.
      if (growth[i] + pending[i] >= pass && passes(i)) {
        remove(i);
        return;
      }
    }
  }

  private boolean passes(int i) {
    return growth[i] >= pass || growth[i] + logOfLength(i) >= pass;
  }

  private double logOfLength(int i) {
    return 0.5 * StrictMath.log(Basis.dot(vectors, i * width, vectors, i * width, width));
  }

  /** Makes a vector's length 1 and takes it down. */
  private void shorten(int i) {
    growth[i] += logOfLength(i);
    pending[i] = 0;
    Basis.normalize(vectors, i * width, width);
  }

  @Override
  public SketchResult result() {
    if (count == 0) {
      return result(Verdict.EMPTY, List.of(), List.of());
    }
    int best = count - 1;
    while (best >= 0 && !passes(best)) {
      best--;
    }
    if (best < 0) {
      return result(
          Verdict.FAILED,
          List.of(),
          List.of("no rate grew enough: the gap is too small, or the budget for rates"));
    }
    double[] vector = Arrays.copyOfRange(vectors, best * width, (best + 1) * width);
    Basis.normalize(vector, 0, width);
    // The part of a random start along the eigenvector is near 1/√d, which the growth had to win.
    double grown = growth[best] + logOfLength(best) + 0.5 * StrictMath.log(width);
    double eigenvalue = Math.min(energy(), Math.scalb(grown, -(largest - best)));
    return result(Verdict.ESTIMATE, List.of(new Direction(eigenvalue, vector)), List.of());
  }

  @Override
  public void merge(RowSketch other) {
    throw cannotMerge(
        "its vectors are products of matrices, whose order counts; frequent-directions merges");
  }

  @Override
  void saveMore(DataOutput out) throws IOException {
    out.writeInt(count);
    out.writeInt(largest);
    out.writeLong(joined);
    SavedState.write(out, vectors, 0, count * width);
    SavedState.write(out, growth, 0, count);
    SavedState.write(out, pending, 0, count);
  }

  @Override
  void restoreMore(DataInput in) throws IOException {
    count = SavedState.readCount(in, capacity, "rates");
    largest = in.readInt();
    joined = in.readLong();
    SavedState.read(in, vectors, 0, count * width);
    SavedState.read(in, growth, 0, count);
    SavedState.read(in, pending, 0, count);
  }
}
