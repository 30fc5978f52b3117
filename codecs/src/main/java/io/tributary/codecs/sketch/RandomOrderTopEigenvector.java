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
 * of the rows. Longer blocks give less noise, shorter ones more steps, which small gaps need.
 * Within a block, the answer is the mean, weighted by rows, of the last block's vectors and of the
 * power step that this block has so far; heavy rows are always taken into account in full.
 *
 * <p><b>Heavy rows.</b> A row that carries an eigenvector alone is held, however late it comes; the
 * directions of the heavy rows, if they weigh at all beside the Ritz values, are part of {@code Z},
 * so that light rows in these directions are not overlooked.
 *
 * <p><b>Limits.</b> Rows sorted by kind break the method: the result's drift tells. Sketches of two
 * streams can't be merged: a summary that can be needs far more memory (Price and Xun).
 *
 * <p>Sources: Kacham and Woodruff, Approximating the Top Eigenvector in Random Order Streams, 2024;
 * Price and Xun, Spectral Guarantees for Adversarial Streaming PCA, 2024. Their block sizes and
 * constants are not given in full; these here are chosen by experiment.
 */
final class RandomOrderTopEigenvector extends StreamSketch {
  /** A heavy direction that weighs less than this share of a Ritz value can't turn its vector. */
  private static final double SIGNIFICANT = 1 / 16.0;

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
  private int used;
  private long lightRows;
  private double lightEnergy;
  private long blockRows;
  private double blockEnergy;
  private long blockLength;
  private long lastBlockRows;
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
    for (int i = 0; i < sizes.powers(); i++) {
      fillRandom(i);
    }
    used = sizes.powers();
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
        takeLight(values, from + begin * width, i - begin, squares, at + begin);
        takeHeavy(values, from + i * width, energy);
        begin = i + 1;
      }
    }
    takeLight(values, from + begin * width, count - begin, squares, at + begin);
  }

  private void takeHeavy(float[] values, int from, double energy) {
    if (!heavy.isFull()) {
      heavy.add(values, from, energy);
      return;
    }
    heavy.replaceSmallest(values, from, energy, row);
    kernel.energies(row, 0, 1, width, square);
    takeLight(row, 0, 1, square, 0);
  }

  private void takeLight(float[] values, int from, int count, double[] squares, int at) {
    for (int done = 0; done < count; ) {
      int part = (int) Math.min(count - done, blockLength - blockRows);
      int first = from + done * width;
      kernel.project(values, first, part, width, z, used, products, y);
      for (int i = 0; i < part; i++) {
        blockEnergy += squares[at + done + i];
        lightEnergy += squares[at + done + i];
        directionOrder.add(products[i * used] * products[i * used]);
      }
      lightRows += part;
      blockRows += part;
      done += part;
      if (blockRows == blockLength) {
        endBlock();
      }
    }
  }

  private double blockScale() {
    return blockEnergy > 0 ? lightEnergy / blockEnergy : 0;
  }

  private void endBlock() {
    double scale = blockScale();
    int found = Math.min(step.solve(heavy, z, y, used, width, scale, 0, 1, prior), sizes.powers());
    double least = SIGNIFICANT * step.value(Math.min(found, options.directions()) - 1);
    step.write(heavy, z, y, used, width, scale, found, 0, y);
    int directions = 0;
    while (directions < sizes.heavyDirections() && step.heavyValue(directions) > least) {
      directions++;
    }
    Arrays.fill(z, 0);
    step.writeHeavy(heavy, sizes.powers(), directions, z);
    System.arraycopy(y, 0, z, 0, found * width);
    for (int i = 0; i < sizes.powers(); i++) {
      if (i >= found || !Basis.orthonormalize(z, i, width)) {
        fillRandom(i);
      }
    }
    used = sizes.powers();
    for (int i = 0; i < directions; i++) {
      System.arraycopy(z, (sizes.powers() + i) * width, z, used * width, width);
      used += Basis.orthonormalize(z, used, width) ? 1 : 0;
    }
    step.lightValues(heavy, z, found, prior);
    Arrays.fill(prior, found, prior.length, 0);
    Arrays.fill(y, 0);
    drift = Math.max(drift, directionOrder.score());
    directionOrder.clear();
    lastBlockRows = blockRows;
    blockRows = 0;
    blockEnergy = 0;
    blockLength = Math.max(blockLength, lightRows / GROWTH);
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
      step.writeHeavy(heavy, 0, found, vectors);
    } else {
      double share = (double) lastBlockRows / (lastBlockRows + blockRows);
      // The blocks before saw only part of the rows so far.
      double grown = lastBlockRows > 0 ? lightEnergy / (lightEnergy - blockEnergy) : 0;
      int size =
          step.solve(heavy, z, y, used, width, blockScale(), share * grown, 1 - share, prior);
      found = Math.min(size, options.directions());
      step.write(heavy, z, y, used, width, blockScale(), found, share, vectors);
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
    double worst = Math.max(Math.max(drift, directionOrder.score()), energyOrder.score());
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
    out.writeDouble(drift);
    out.writeLong(random);
    SavedState.write(out, energyOrder);
    SavedState.write(out, directionOrder);
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
    drift = in.readDouble();
    random = in.readLong();
    SavedState.read(in, energyOrder);
    SavedState.read(in, directionOrder);
  }
}
