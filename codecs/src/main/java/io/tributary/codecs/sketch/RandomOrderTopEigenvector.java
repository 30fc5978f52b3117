package io.tributary.codecs.sketch;

import io.tributary.sketch.OrderDriftDetector;
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
 * step of a power method: {@code Y} gathers {@code Aᵀ(AZ)} over the block, at its end {@link
 * RitzStep} makes better vectors of {@code Y}, {@code Z} and the heavy rows. Which part of all
 * light rows the block is, is told by the rows' energy, not by their number.
 *
 * <p><b>Unknown length.</b> Each block is a third as long as all light rows before it together:
 * early blocks are noise that does little harm, and at any moment the last block is about a quarter
 * of the rows. A block's power step turns each vector only as far as the block's part of all rows
 * and the vector's gap allow ({@link RitzStep#weigh}), so that in the end all rows count alike. The
 * same holds within a block, when an answer is wanted. Heavy rows are always taken into account in
 * full.
 *
 * <p><b>All columns search.</b> As long as the values that are wanted don't stand out, or still
 * grow from block to block, all columns are power vectors: a random start has the more of the
 * wanted direction the more vectors it has. Then four are left, and as many as heavy rows weigh
 * beside them, and an update is three times as fast.
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

  /** A Ritz value that a block raised by more than this factor is still being approached. */
  private static final double GROWS = 1.1;

  /**
   * How much more a block counts than its part of all rows, beside what the gap asks for: vectors
   * of the blocks before were worse.
   */
  private static final double NEW_ROWS = 1.4;

  /**
   * The square of the sine by which light rows turn a heavy row's direction, in units of {@code d}
   * rows over all light ones, and at most.
   */
  private static final double TURNED = 2;

  private static final double MOST_TURNED = 0.1;

  /** So much of heavy rows' directions among the vectors makes what they capture another number. */
  private static final double NEWCOMERS = 0.25;

  private static final int LEAST_BLOCK = 32;

  /** A block is as long as all light rows before it, divided by this. */
  private static final int GROWTH = 3;

  /** A block of fewer equal light rows, in units of {@code d ln d}, may be mostly noise. */
  private static final double ENOUGH = 1;

  private final RandomOrderSizes sizes;
  private final double[] z;
  private final double[] y;
  private final float[] row;
  private final double[] products;
  private final HeavyRows heavy;
  private final RitzStep step;
  private final double[] prior;
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
  private double lastShare;
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
    prior = space.doubles(sizes.columns());
    blockLength = Math.max(LEAST_BLOCK, width / 4);
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
    heavy.replaceSmallest(values, from, energy, row);
    kernel.energies(row, 0, 1, width, square);
    takeLight(row, 0, 1, square, 0, false);
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

  /** What a light row has along all vectors of {@code Z}, beyond what any as many would have. */
  private double captured(int row, double square) {
    double sum = -square * used / width;
    for (int c = 0; c < used; c++) {
      sum = Math.fma(products[row * used + c], products[row * used + c], sum);
    }
    return sum;
  }

  private double blockScale() {
    return blockEnergy > 0 ? lightEnergy / blockEnergy : 0;
  }

  /**
   * Solves the small problem.
   *
   * @param share of the blocks before in what is known of the light rows
   */
  private int solve(double share) {
    // The blocks before saw only part of the rows so far.
    double grown = share > 0 ? lightEnergy / (lightEnergy - blockEnergy) : 0;
    double turned = Math.min(MOST_TURNED, TURNED * width / lightRows);
    return step.solve(
        heavy,
        z,
        y,
        used,
        width,
        blockScale(),
        share * grown,
        1 - share,
        turned,
        lightEnergy / width,
        prior);
  }

  private void endBlock() {
    int size = solve(0);
    int next = vectorsAfter(size);
    int found = Math.min(size, next);
    step.weigh(found, NEW_ROWS * blockEnergy / lightEnergy, restOf(found));
    step.write(heavy, z, y, used, width, blockScale(), found, y);
    System.arraycopy(y, 0, z, 0, found * width);
    for (int i = 0; i < next; i++) {
      if (i >= found || !Basis.orthonormalize(z, i, width)) {
        fillRandom(i);
      }
    }
    drift = Math.max(drift, Math.max(directionOrder.score(), capturedOrder.dropScore()));
    directionOrder.clear();
    // Other vectors than before, or heavy rows' directions in the place of some, capture less.
    if (next != used || step.newcomers(found, used) > NEWCOMERS) {
      capturedOrder.clear();
    }
    used = next;
    step.lightValues(heavy, z, found, prior);
    Arrays.fill(prior, found, prior.length, 0);
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
    double share = least / energySoFar();
    boolean settled = least > CLEAR * restOf(found) && share < GROWS * lastShare;
    lastShare = share;
    if (!settled) {
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
      int size = solve((double) lastBlockRows / (lastBlockRows + blockRows));
      found = Math.min(size, options.directions());
      step.weigh(
          found, NEW_ROWS * blockEnergy / lightEnergy, restOf(Math.min(size, sizes.powers())));
      step.write(heavy, z, y, used, width, blockScale(), found, vectors);
    }
    var directions = new ArrayList<Direction>();
    for (int i = 0; i < found; i++) {
      double value = exact ? step.heavyValue(i) : step.value(i);
      if (value > 0 && Basis.orthonormalize(vectors, i, width)) {
        double[] vector = Arrays.copyOfRange(vectors, i * width, (i + 1) * width);
        directions.add(new Direction(value, vector));
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
  String noMergeBecause() {
    return "each block's vectors rest on the blocks before it; frequent-directions merges";
  }

  @Override
  void saveMore(DataOutput out) throws IOException {
    heavy.save(out);
    out.writeInt(used);
    SavedState.write(out, z, 0, used * width);
    SavedState.write(out, y, 0, used * width);
    SavedState.write(out, prior, 0, prior.length);
    out.writeLong(lightRows);
    out.writeDouble(lightEnergy);
    out.writeLong(blockRows);
    out.writeDouble(blockEnergy);
    out.writeLong(blockLength);
    out.writeLong(lastBlockRows);
    out.writeDouble(lastShare);
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
    SavedState.read(in, prior, 0, prior.length);
    lightRows = in.readLong();
    lightEnergy = in.readDouble();
    blockRows = in.readLong();
    blockEnergy = in.readDouble();
    blockLength = in.readLong();
    lastBlockRows = in.readLong();
    lastShare = in.readDouble();
    drift = in.readDouble();
    random = in.readLong();
    SavedState.read(in, energyOrder);
    SavedState.read(in, directionOrder);
    SavedState.read(in, capturedOrder);
  }
}
