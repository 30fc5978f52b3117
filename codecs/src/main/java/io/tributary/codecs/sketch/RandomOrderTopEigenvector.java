package io.tributary.codecs.sketch;

import io.tributary.sketch.OrderDriftDetector;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchResult;
import io.tributary.sketch.SketchResult.Direction;
import io.tributary.sketch.SketchResult.Verdict;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Top eigenvectors by a block power method with a store of heavy rows, for rows in random order.
 *
 * <p>The rows of largest length are held as they are; all others are light. A block of light rows
 * in random order has, scaled, nearly the Gram matrix of all of them, so each block serves for one
 * step of a power method: {@code Y} gathers {@code Aᵀ(AZ)} over the block, and at its end {@link
 * RitzStep} turns the vectors {@code Z} by what is new, the block's light rows and the heavy rows
 * that came with them. Which part of all light rows the block is, is told by the rows' energy, not
 * by their number.
 *
 * <p><b>Unknown length.</b> Each block is an eighth as long as all light rows before it together:
 * early blocks are noise that does little harm. A block turns each vector as far as its part of all
 * rows and the vector's gap ask for ({@link RitzStep#weigh}), so that in the end all rows count
 * alike. The same holds within a block, when an answer is wanted.
 *
 * <p><b>All columns search.</b> As long as the values that are wanted don't stand out, all columns
 * are power vectors: a random start has the more of the wanted direction the more vectors it has.
 * Then four are left, and as many as heavy rows weigh beside them, and an update is three times as
 * fast.
 *
 * <p><b>Heavy rows.</b> A row that carries an eigenvector alone is held, however late it comes; the
 * directions of heavy rows are candidates at each step, so that a vector that carries one doesn't
 * cost more than that one column.
 *
 * <p><b>Drift.</b> In random order, what the vectors capture of rows that they were not made of may
 * rise, as they get better, but not fall. A fall, a change of one vector's product within a block
 * or of the rows' length is the drift that a result tells; rows sorted by kind break the method.
 *
 * <p><b>Limits.</b> Sketches of two streams can't be merged: a summary that can be needs far more
 * memory (Price and Xun). Light rows can't show a gap R while {@code n(R − 1)²/d} is below {@code
 * ln(d/k)}, k being the number of columns: that is as far as the part of a random start along the
 * eigenvector can grow in one pass, by this rule or by Oja's.
 *
 * <p>Sources: Kacham and Woodruff, Approximating the Top Eigenvector in Random Order Streams, 2024;
 * Price and Xun, Spectral Guarantees for Adversarial Streaming PCA, 2024. Their block sizes and
 * constants are not given in full; these here are chosen by experiment.
 */
final class RandomOrderTopEigenvector extends StreamSketch {
  /** A heavy direction that weighs less than this share of a Ritz value can't turn its vector. */
  private static final double SIGNIFICANT = 1 / 16.0;

  /** A Ritz value that exceeds the mean of all other directions so many times stands out. */
  private static final double CLEAR = 2;

  /** So much of heavy rows' directions among the vectors makes what they capture another number. */
  private static final double NEWCOMERS = 0.25;

  private static final int LEAST_BLOCK = 32;

  /** A block is as long as all light rows before it, divided by this. */
  private static final int GROWTH = 8;

  /** A block of fewer equal light rows, in units of {@code d ln d}, may be mostly noise. */
  private static final double ENOUGH = 1;

  private final RandomOrderSizes sizes;
  private final double[] z;
  private final double[] y;
  private final float[] row;
  private final double[] products;
  private final HeavyRows heavy;
  private final RitzStep step;
  private final double[] known;
  private final double[] estimates;
  private final double[] square = new double[1];
  private final OrderDriftDetector energyOrder = new OrderDriftDetector();
  private final OrderDriftDetector directionOrder = new OrderDriftDetector();
  private final OrderDriftDetector capturedOrder = new OrderDriftDetector();
  private int used;
  private long lightRows;
  private double lightEnergy;
  private long blockRows;
  private double blockEnergy;
  private long blockLength;
  private long lastBlockRows;

  /** What a direction beside the vectors has of all energy. */
  private double restShare;

  private double drift;
  private long random;

  RandomOrderTopEigenvector(SketchOptions options, SketchKernel kernel) {
    super(RandomOrderProvider.NAME, options, kernel);
    sizes = RandomOrderSizes.of(options);
    z = space.doubles(sizes.columns() * width);
    y = space.doubles(sizes.columns() * width);
    row = space.floats(width);
    products = space.doubles(tile * sizes.columns());
    heavy =
        new HeavyRows(
            kernel,
            width,
            sizes.heavyRows(),
            sizes.heavyBits(),
            sizes.columns(),
            row,
            space.doubles(width),
            space);
    step = new RitzStep(sizes, space);
    known = space.doubles(sizes.columns());
    estimates = space.doubles(sizes.columns());
    blockLength = Math.max(LEAST_BLOCK, width / 4);
    restShare = 1.0 / width;
    used = sizes.columns();
    for (int i = 0; i < used; i++) {
      fillRandom(i);
    }
  }

  /** Makes vector {@code i} of {@code Z} a random one, orthogonal to those before it. */
  private void fillRandom(int i) {
    do {
      Basis.randomize(z, i * width, width, options.seed(), random++);
    } while (!Basis.orthonormalize(z, i, width));
  }

  @Override
  void take(float[] values, int from, int count, double[] squares, int at) {
    int begin = 0;
    for (int i = 0; i < count; i++) {
      double energy = squares[at + i];
      energyOrder.add(energy);
      if (heavy.admits(energy)) {
        takeLight(values, from + begin * width, i - begin, squares, at + begin, true);
        takeHeavy(values, from + i * width, energy);
        begin = i + 1;
      }
    }
    takeLight(values, from + begin * width, count - begin, squares, at + begin, true);
  }

  private void takeHeavy(float[] values, int from, double energy) {
    if (!heavy.isFull()) {
      heavy.add(values, from, energy);
      return;
    }
    boolean fresh = heavy.replaceSmallest(values, from, energy, row);
    kernel.energies(row, 0, 1, width, square);
    if (fresh) {
      takeLight(row, 0, 1, square, 0, false);
    } else {
      // The vectors have been turned by it.
      lightRows++;
      lightEnergy += square[0];
    }
  }

  /**
   * Takes rows that are light.
   *
   * @param fresh whether they had no part in {@code Z}, so that their order can be judged
   */
  private void takeLight(
      float[] values, int from, int count, double[] squares, int at, boolean fresh) {
    for (int done = 0; done < count; ) {
      int part = (int) Math.min(count - done, blockLength - blockRows);
      int first = from + done * width;
      kernel.project(values, first, part, width, z, used, products, y);
      for (int i = 0; i < part; i++) {
        blockEnergy += squares[at + done + i];
        lightEnergy += squares[at + done + i];
        if (fresh) {
          directionOrder.add(products[i * used] * products[i * used]);
          capturedOrder.add(captured(i, squares[at + done + i]));
        }
      }
      lightRows += part;
      blockRows += part;
      done += part;
      if (blockRows == blockLength) {
        endBlock();
      }
    }
  }

  /** What a light row has along the first vectors of {@code Z}, beyond what any as many would. */
  private double captured(int row, double square) {
    double sum = -square * sizes.powers() / width;
    for (int c = 0; c < sizes.powers(); c++) {
      sum = Math.fma(products[row * used + c], products[row * used + c], sum);
    }
    return sum;
  }

  /** The block's part of all light rows. */
  private double blockPart() {
    return blockEnergy / lightEnergy;
  }

  private int solve() {
    return step.solve(heavy, z, y, used, width, restShare * lightEnergy, known);
  }

  /**
   * Writes the next vectors.
   *
   * @param size how many Ritz values there are
   */
  private void write(int size, int count, double[] target) {
    step.weigh(count, blockPart(), restOf(Math.min(size, sizes.powers())));
    step.write(heavy, z, y, used, width, count, known, target);
  }

  private void endBlock() {
    int size = solve();
    int next = vectorsAfter(size);
    int found = Math.min(size, next);
    write(size, found, y);
    System.arraycopy(y, 0, z, 0, found * width);
    step.estimate(heavy, used, found, 1 / blockPart(), known, estimates);
    restShare = restOf(found) / energySoFar();
    for (int i = 0; i < known.length; i++) {
      known[i] = i < found ? step.value(i) : restShare * lightEnergy;
      estimates[i] = i < found ? estimates[i] : known[i];
    }
    for (int i = 0; i < next; i++) {
      if (i >= found || !Basis.orthonormalize(z, i, width)) {
        fillRandom(i);
      }
    }
    drift = Math.max(drift, Math.max(directionOrder.score(), capturedOrder.dropScore()));
    directionOrder.clear();
    // Heavy rows' directions in the place of some may capture less.
    if (step.newcomers(Math.min(found, sizes.powers()), used) > NEWCOMERS) {
      capturedOrder.clear();
    }
    used = next;
    heavy.settle();
    Arrays.fill(y, 0);
    lastBlockRows = blockRows;
    blockRows = 0;
    blockEnergy = 0;
    blockLength = Math.max(blockLength, lightRows / GROWTH);
  }

  /** The energy of the rows that are in; {@link #energy} counts a chunk as soon as it comes. */
  private double energySoFar() {
    return lightEnergy + heavy.energy();
  }

  /** What all rows have along one more direction on average, beside so many Ritz vectors. */
  private double restOf(int count) {
    double rest = energySoFar();
    for (int i = 0; i < count; i++) {
      rest -= step.value(i);
    }
    return count < width ? Math.max(0, rest) / (width - count) : 0;
  }

  /** How many vectors to go on with. */
  private int vectorsAfter(int size) {
    int found = Math.min(size, sizes.powers());
    double least = step.value(Math.min(found, options.directions()) - 1);
    if (least <= CLEAR * restOf(found)) {
      return sizes.columns();
    }
    int directions = 0;
    while (directions < sizes.heavyDirections()
        && step.heavyValue(directions) > SIGNIFICANT * least) {
      directions++;
    }
    return sizes.powers() + directions;
  }

  @Override
  public SketchResult result() {
    if (heavy.count() == 0) {
      return result(Verdict.EMPTY, List.of(), List.of());
    }
    int found;
    double[] vectors = new double[options.directions() * width];
    boolean exact = lightRows == 0;
    if (exact) {
      step.solveHeavy(heavy);
      found = Math.min(options.directions(), step.heavyRank());
      step.writeHeavy(heavy, found, vectors);
    } else {
      int size = solve();
      found = Math.min(size, options.directions());
      write(size, found, vectors);
    }
    var directions = new ArrayList<Direction>();
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < found; i++) {
      double value = exact ? step.heavyValue(i) : step.valueWith(i, used, known, estimates);
      if (value > 0 && Basis.orthonormalize(vectors, i, width)) {
        double[] vector = Arrays.copyOfRange(vectors, i * width, (i + 1) * width);
        // Estimates of eigenvalues that are nearly equal may come in another order.
        least = Math.min(least, value);
        directions.add(new Direction(least, vector));
      }
    }
    return describe(
        exact && sizes.heavyBits() == Float.SIZE ? Verdict.EXACT : Verdict.ESTIMATE, directions);
  }

  private SketchResult describe(Verdict verdict, List<Direction> directions) {
    double logarithm = Math.max(1, StrictMath.log(width));
    int heavyRows = heavy.countFrom(energy() / (width * logarithm));
    double worst = Math.max(drift, energyOrder.score());
    worst = Math.max(worst, Math.max(directionOrder.score(), capturedOrder.dropScore()));
    var warnings = new ArrayList<String>();
    if (verdict != Verdict.EXACT && worst > OrderDriftDetector.ALARM) {
      warnings.add("the rows did not come in random order: shuffle them, or take another method");
    }
    long block = Math.max(blockRows, lastBlockRows);
    if (lightRows > 0 && block < ENOUGH * width * logarithm) {
      warnings.add(
          "the longest block had "
              + block
              + " rows; where no rows are heavy, a small gap needs more than "
              + (long) (ENOUGH * width * logarithm));
    }
    return new SketchResult(
        verdict,
        rows(),
        skipped(),
        energy(),
        directions,
        heavyRows,
        heavyRows == sizes.heavyRows(),
        worst,
        warnings);
  }

  @Override
  public void merge(RowSketch other) {
    throw cannotMerge(
        "each block's vectors rest on the blocks before it; frequent-directions merges");
  }

  @Override
  void saveMore(DataOutput out) throws IOException {
    heavy.save(out);
    out.writeInt(used);
    SavedState.write(out, z, 0, used * width);
    SavedState.write(out, y, 0, used * width);
    SavedState.write(out, known, 0, known.length);
    SavedState.write(out, estimates, 0, estimates.length);
    out.writeLong(lightRows);
    out.writeDouble(lightEnergy);
    out.writeLong(blockRows);
    out.writeDouble(blockEnergy);
    out.writeLong(blockLength);
    out.writeLong(lastBlockRows);
    out.writeDouble(restShare);
    out.writeDouble(drift);
    out.writeLong(random);
    SavedState.write(out, energyOrder);
    SavedState.write(out, directionOrder);
    SavedState.write(out, capturedOrder);
  }

  @Override
  void restoreMore(DataInput in) throws IOException {
    heavy.restore(in);
    used = SavedState.readCount(in, sizes.columns(), "vectors");
    SavedState.read(in, z, 0, used * width);
    SavedState.read(in, y, 0, used * width);
    SavedState.read(in, known, 0, known.length);
    SavedState.read(in, estimates, 0, estimates.length);
    lightRows = in.readLong();
    lightEnergy = in.readDouble();
    blockRows = in.readLong();
    blockEnergy = in.readDouble();
    blockLength = in.readLong();
    lastBlockRows = in.readLong();
    restShare = in.readDouble();
    drift = in.readDouble();
    random = in.readLong();
    SavedState.read(in, energyOrder);
    SavedState.read(in, directionOrder);
    SavedState.read(in, capturedOrder);
  }
}
