package io.tributary.codecs.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.codecs.internal.BackendSupport;
import io.tributary.sketch.OrderDriftDetector;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.ShuffledRows;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchResult;
import io.tributary.sketch.SketchResult.Verdict;
import io.tributary.tensor.ArrayRows;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises of the method, over several seeds each. */
class RandomOrderTopEigenvectorTest {
  private static RowSketch sketch(SketchOptions options) {
    return new RandomOrderProvider().create(BackendSupport.processor(), options);
  }

  private static SketchResult run(RowStreams.Stream stream, SketchOptions options) {
    RowSketch sketch = sketch(options);
    sketch.update(stream.values(), 0, stream.rows(), stream.width());
    return sketch.result();
  }

  private static double agreement(RowStreams.Stream stream, SketchOptions options) {
    return stream.agreement(run(stream, options).directions().get(0).vector());
  }

  @Test
  void aStreamThatFitsIsSolvedExactly() {
    RowStreams.Stream stream = RowStreams.light(40, 30, 3, 1);
    SketchResult result = run(stream, SketchOptions.of(40).withDirections(2));
    assertThat(result.verdict()).isEqualTo(Verdict.EXACT);
    assertThat(stream.agreement(result.directions().get(0).vector())).isGreaterThan(1 - 1e-6);
    assertThat(result.gap().orElseThrow()).isCloseTo(stream.gap(), within(0.05 * stream.gap()));
    assertThat(result.warnings()).isEmpty();
  }

  @Test
  void lightRowsOfRatioFour() {
    int good = 0;
    for (int seed = 1; seed <= 20; seed++) {
      RowStreams.Stream stream = RowStreams.light(100, 20_000, 4, seed);
      good += agreement(stream, SketchOptions.of(100).withSeed(seed)) >= 0.95 ? 1 : 0;
    }
    assertThat(good).isGreaterThanOrEqualTo(19);
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 8, 16, 32})
  void theErrorStaysBelowOneOverTheRootOfTheRatio(double ratio) {
    for (int seed = 1; seed <= 3; seed++) {
      RowStreams.Stream stream = RowStreams.light(100, 20_000, ratio, seed);
      double agreement = agreement(stream, SketchOptions.of(100).withSeed(seed));
      assertThat(1 - agreement).isLessThan(1 / Math.sqrt(ratio));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.5, 3, 6})
  void aHeavyRowCountsHoweverLate(double ratio) {
    for (int seed = 1; seed <= 3; seed++) {
      RowStreams.Stream stream = RowStreams.heavy(200, 8000, ratio, 1, true, seed);
      double agreement = agreement(stream, SketchOptions.of(200).withSeed(seed));
      assertThat(agreement).as("gap %s", stream.gap()).isGreaterThan(0.99);
    }
  }

  @Test
  void heavyRowsAnywhereAreFound() {
    for (int seed = 1; seed <= 3; seed++) {
      RowStreams.Stream stream = RowStreams.heavy(100, 20_000, 4, 4, false, seed);
      double agreement = agreement(stream, SketchOptions.of(100).withSeed(seed));
      assertThat(agreement).as("gap %s", stream.gap()).isGreaterThan(0.99);
    }
  }

  /**
   * Light rows turn the direction of a heavy one; what they did must outlast the next heavy row.
   */
  @Test
  void heavyRowsThatFollowUndoNothing() {
    int width = 300;
    for (int seed = 1; seed <= 3; seed++) {
      RowStreams.Stream stream = RowStreams.heavy(width, 6000, 1.5, 4, false, seed);
      var energies = new double[6000];
      new SketchScalarKernel().energies(stream.values(), 0, 6000, width, energies);
      int heavy = 0;
      while (energies[heavy] < 2 * width) {
        heavy++;
      }
      for (int j = 0; j < width; j++) {
        float first = stream.values()[j];
        stream.values()[j] = stream.values()[heavy * width + j];
        stream.values()[heavy * width + j] = first;
      }
      double agreement = agreement(stream, SketchOptions.of(width).withSeed(seed));
      assertThat(agreement).as("gap %s, seed %s", stream.gap(), seed).isGreaterThan(0.997);
    }
  }

  @Test
  void eightBitsForHeavyRowsAreEnough() {
    RowStreams.Stream stream = RowStreams.heavy(200, 8000, 4, 4, false, 1);
    assertThat(agreement(stream, SketchOptions.of(200).withHeavyBits(8))).isGreaterThan(0.99);
  }

  @Test
  void spaceIsAsTheFormulaSaysForAnyNumberOfRows() {
    for (int bits : new int[] {8, 32}) {
      SketchOptions options = SketchOptions.of(100).withHeavyBits(bits);
      RandomOrderSizes sizes = RandomOrderSizes.of(options);
      for (int rows : new int[] {0, 10, 1000, 20_000}) {
        RowSketch sketch = sketch(options);
        RowStreams.Stream stream = RowStreams.light(100, Math.max(1, rows), 4, 1);
        sketch.update(stream.values(), 0, rows, 100);
        sketch.result();
        assertThat(sketch.peakBytes()).isEqualTo(sizes.bytes());
        assertThat(sketch.peakBytes()).isLessThanOrEqualTo(options.mostBytes());
      }
    }
  }

  @Test
  void theFormulaIsThatOfThePackagePage() {
    var sizes = new RandomOrderSizes(4096, 4, 8, 32, 32);
    int d = 4096;
    long vectorsAndRows = 8L * d * (2 * 4 + 2 * 8) + 4L * 32 * d + 12L * d;
    assertThat(sizes.bytes() - vectorsAndRows)
        .isEqualTo(new RandomOrderSizes(8192, 4, 8, 32, 32).bytes() - 2 * vectorsAndRows)
        .isLessThan(41_000);
  }

  @Test
  void rowsSortedByKindRaiseTheWarningAndShuffledOnesDoNot() {
    var random = new SplittableRandom(6);
    int width = 100;
    int rows = 10_000;
    double[] first = RowStreams.direction(width, random);
    double[] second = RowStreams.direction(width, random);
    var values = new float[rows * width];
    for (int i = 0; i < rows; i++) {
      RowStreams.normalRow(values, i * width, width, random);
      RowStreams.add(values, i * width, i < rows / 2 ? first : second, 3 * random.nextGaussian());
    }
    SketchResult sorted =
        run(new RowStreams.Stream(values, width, first, 1), SketchOptions.of(width));
    assertThat(sorted.hasDrifted()).isTrue();
    assertThat(sorted.warnings()).anyMatch(text -> text.contains("random order"));

    RowSketch sketch = sketch(SketchOptions.of(width));
    var shuffled = new ShuffledRows(new ArrayRows(values, width), 1, 1 << 20);
    var chunk = new float[64 * width];
    for (int n = shuffled.next(chunk, 64); n > 0; n = shuffled.next(chunk, 64)) {
      sketch.update(chunk, 0, n, width);
    }
    assertThat(sketch.result().hasDrifted()).isFalse();
  }

  /** Half of the rows of one kind, then half of another. */
  private static float[] sorted(int width, int rows, RandomGenerator random) {
    double[] first = RowStreams.direction(width, random);
    double[] second = RowStreams.direction(width, random);
    var values = new float[rows * width];
    for (int i = 0; i < rows; i++) {
      RowStreams.normalRow(values, i * width, width, random);
      double deviation = Math.sqrt(i < rows / 2 ? 7 : 3);
      RowStreams.add(
          values, i * width, i < rows / 2 ? first : second, deviation * random.nextGaussian());
    }
    return values;
  }

  /** The length of the rows hardly tells the kinds apart when there are many values in each. */
  @ParameterizedTest
  @ValueSource(ints = {100, 300, 1000})
  void sortedRowsAreNoticedInWideStreamsToo(int width) {
    for (int seed = 1; seed <= 3; seed++) {
      float[] values = sorted(width, 12_000, new SplittableRandom(seed));
      SketchResult result =
          run(
              new RowStreams.Stream(values, width, new double[width], 1),
              SketchOptions.of(width).withSeed(seed));
      assertThat(result.drift()).as("seed %s", seed).isGreaterThan(1.5 * OrderDriftDetector.ALARM);
    }
  }

  /**
   * Light rows, some long ones in any direction, one very long one, rows of wildly mixed length.
   */
  private static float[] shuffledKind(int kind, int width, int rows, RandomGenerator random) {
    double[] spike = RowStreams.direction(width, random);
    var values = new float[rows * width];
    for (int i = 0; i < rows; i++) {
      RowStreams.normalRow(values, i * width, width, random);
      RowStreams.add(values, i * width, spike, Math.sqrt(3) * random.nextGaussian());
      double factor = kind == 3 ? 1 / Math.abs(random.nextGaussian()) : 1;
      factor = kind == 1 && random.nextInt(rows) < 40 ? Math.sqrt(rows / (double) width) : factor;
      factor = kind == 2 && i == rows / 3 ? 1e4 : factor;
      for (int j = i * width; j < (i + 1) * width; j++) {
        values[j] *= (float) factor;
      }
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 100, 300, 1000})
  void randomOrderRaisesNoWarningWhateverTheRows(int width) {
    int rows = width == 1000 ? 4000 : 6000;
    for (int kind = 0; kind < 4; kind++) {
      for (int seed = 1; seed <= (width == 1000 ? 2 : 6); seed++) {
        RowSketch sketch = sketch(SketchOptions.of(width).withSeed(seed));
        float[] values = shuffledKind(kind, width, rows, new SplittableRandom(seed));
        for (int from = 0; from < rows; from += 1000) {
          sketch.update(values, from * width, 1000, width);
          assertThat(sketch.result().drift())
              .as("kind %s, seed %s, row %s", kind, seed, from + 1000)
              .isLessThan(OrderDriftDetector.ALARM);
        }
      }
    }
  }

  /** Eight heavy rows in other directions must not take the place of what is searched for. */
  @Test
  void decoysDoNotHideASmallGap() {
    int width = 100;
    int rows = 20_000;
    for (int seed = 1; seed <= 3; seed++) {
      var random = new SplittableRandom(seed);
      double[] spike = RowStreams.direction(width, random);
      var values = new float[rows * width];
      for (int i = 0; i < rows; i++) {
        RowStreams.normalRow(values, i * width, width, random);
        RowStreams.add(values, i * width, spike, Math.sqrt(3) * random.nextGaussian());
      }
      for (int decoy = 0; decoy < 8; decoy++) {
        double[] direction = RowStreams.direction(width, random);
        int at = random.nextInt(rows) * width;
        for (int j = 0; j < width; j++) {
          values[at + j] = (float) (direction[j] * Math.sqrt(rows));
        }
      }
      RowStreams.Stream stream = RowStreams.solved(values, width, spike);
      assertThat(agreement(stream, SketchOptions.of(width).withSeed(seed)))
          .as("gap %s", stream.gap())
          .isGreaterThan(0.95);
    }
  }

  /** Where there are few rows for each column, and the gap is small, all columns search. */
  @Test
  void aSmallGapInWideRowsIsFound() {
    for (int seed = 1; seed <= 3; seed++) {
      RowStreams.Stream stream = RowStreams.light(300, 20_000, 1.5, seed);
      assertThat(agreement(stream, SketchOptions.of(300).withSeed(seed)))
          .as("gap %s", stream.gap())
          .isGreaterThan(0.9);
    }
  }

  @Test
  void closeEigenvaluesAreToldApart() {
    var random = new SplittableRandom(8);
    int width = 60;
    int rows = 20_000;
    var directions = new double[3 * width];
    Basis.randomize(directions, 0, 3 * width, 1, 1);
    for (int i = 0; i < 3; i++) {
      Basis.orthonormalize(directions, i, width);
    }
    var values = new float[rows * width];
    for (int i = 0; i < rows; i++) {
      RowStreams.normalRow(values, i * width, width, random);
      for (int k = 0; k < 3; k++) {
        double[] one = java.util.Arrays.copyOfRange(directions, k * width, (k + 1) * width);
        RowStreams.add(values, i * width, one, random.nextGaussian() * Math.sqrt(20 - 5 * k));
      }
    }
    SketchResult result =
        run(
            new RowStreams.Stream(values, width, directions, 1),
            SketchOptions.of(width).withDirections(3));
    assertThat(result.directions()).hasSize(3);
    for (int k = 0; k < 3; k++) {
      double[] one = java.util.Arrays.copyOfRange(directions, k * width, (k + 1) * width);
      assertThat(RowStreams.squaredCosine(result.directions().get(k).vector(), one))
          .isGreaterThan(0.95);
      assertThat(result.directions().get(k).eigenvalue() / rows).isCloseTo(21 - 5 * k, within(2.0));
    }
  }

  /**
   * Float32 rows against the same rows in float64, as numbers of {@code v} from an independent
   * program would be: the power method over all rows, with vectors rounded to float32 in one case.
   */
  @Test
  void rowsOfFloat32AreEnough() {
    int width = 8;
    int rows = 1_000_000;
    var random = new SplittableRandom(9);
    var exact = new double[width * width];
    RowSketch sketch = sketch(SketchOptions.of(width));
    var chunk = new float[1000 * width];
    for (int done = 0; done < rows; done += 1000) {
      for (int i = 0; i < chunk.length; i += width) {
        var row = new double[width];
        for (int j = 0; j < width; j++) {
          row[j] = random.nextGaussian() * (j == 3 ? 2 : 1);
          chunk[i + j] = (float) row[j];
        }
        for (int j = 0; j < width; j++) {
          for (int k = 0; k < width; k++) {
            exact[j * width + k] += row[j] * row[k];
          }
        }
      }
      sketch.update(chunk, 0, 1000, width);
    }
    var values = new double[width];
    var vectors = new double[width * width];
    SymmetricEigen.decompose(exact, width, values, vectors);
    SketchResult.Direction found = sketch.result().directions().get(0);
    double agreement =
        RowStreams.squaredCosine(found.vector(), java.util.Arrays.copyOf(vectors, width));
    assertThat(1 - agreement).isLessThan(1e-3);
    assertThat(found.eigenvalue()).isCloseTo(values[0], within(0.02 * values[0]));
  }

  /** More rows than are held, and fewer than the first block has. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 49, 50, 51})
  void fewerLightRowsThanABlockGiveAnAnswer(int light) {
    SketchOptions options = SketchOptions.of(200).withDirections(2);
    int rows = RandomOrderSizes.of(options).heavyRows() + light;
    RowStreams.Stream stream = RowStreams.light(200, rows, 60, 3);
    SketchResult result = run(stream, options);
    assertThat(result.verdict()).isEqualTo(Verdict.ESTIMATE);
    assertThat(result.directions()).hasSize(2);
    SketchResult.Direction top = result.directions().get(0);
    assertThat(stream.agreement(top.vector())).isGreaterThan(0.8);
    assertThat(Basis.dot(top.vector(), 0, top.vector(), 0, 200)).isCloseTo(1, within(1e-12));
    assertThat(result.warnings()).anyMatch(text -> text.contains("the longest block had"));
  }

  @Test
  void aBudgetTooSmallIsAnError() {
    assertThatThrownBy(() -> sketch(SketchOptions.of(1000).withBudgetBytes(1000)))
        .hasMessageContaining("budget of random-order: expected at least")
        .hasMessageContaining("found 1000");
  }
}
