package io.tributary.codecs.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codecs.internal.BackendSupport;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.RowSketchProvider;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchResult;
import io.tributary.sketch.SketchResult.Verdict;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Streams that single methods are known to win or to fail on. */
class SketchTrapsTest {
  private static SketchResult run(
      RowSketchProvider method, RowStreams.Stream stream, SketchOptions options) {
    RowSketch sketch = method.create(BackendSupport.processor(), options);
    sketch.update(stream.values(), 0, stream.rows(), stream.width());
    return sketch.result();
  }

  private static double agreement(
      RowSketchProvider method, RowStreams.Stream stream, SketchOptions options) {
    return stream.agreement(run(method, stream, options).directions().get(0).vector());
  }

  /** A heavy row among others orthogonal to it: the exponential form takes it as it should. */
  @Test
  void oneHeavyRowDoesNotDefeatOja() {
    for (int seed = 1; seed <= 3; seed++) {
      RowStreams.Stream stream = RowStreams.heavy(200, 8000, 3, 1, true, seed);
      assertThat(agreement(new ExponentialOjaProvider(), stream, SketchOptions.of(200)))
          .isGreaterThan(0.99);
    }
  }

  /** Each other direction is shared by few rows, nearly all of which are heavy. */
  private static RowStreams.Stream fixedRateLimit(int width, double ratio, int pieces, long seed) {
    var random = new SplittableRandom(seed);
    int rows = 2 * (width - 1) * pieces;
    double sine = Math.sqrt(ratio / (width - 1));
    double length = Math.sqrt(0.5 / pieces);
    var order = new int[rows];
    for (int i = 0; i < rows; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    var values = new float[rows * width];
    for (int i = 0; i < rows; i++) {
      int axis = 1 + order[i] / 2 % (width - 1);
      values[i * width + axis] = (float) (length * Math.sqrt(1 - sine * sine));
      values[i * width] = (float) (length * (order[i] % 2 == 0 ? sine : -sine));
    }
    var start = new double[width];
    start[0] = 1;
    return RowStreams.solved(values, width, start);
  }

  /** No rate serves, and no small space is exact, as a lower bound says; storing all rows is. */
  @Test
  void theFixedRateLimitInstanceIsBeyondSmallSpace() {
    RowStreams.Stream stream = fixedRateLimit(200, 3.7, 1, 1);
    SketchOptions options = SketchOptions.of(200);
    assertThat(agreement(new RandomOrderProvider(), stream, options)).isBetween(0.9, 0.99);
    assertThat(agreement(new ExponentialOjaProvider(), stream, options)).isLessThan(0.9);
    SketchResult all =
        run(new FrequentDirectionsProvider(), stream, options.withBudgetBytes(8 << 20));
    assertThat(all.verdict()).isEqualTo(Verdict.EXACT);
    assertThat(stream.agreement(all.directions().get(0).vector())).isGreaterThan(0.999);
  }

  @Test
  void splitIntoPiecesItIsSolved() {
    RowStreams.Stream stream = fixedRateLimit(200, 3.7, 20, 1);
    SketchOptions options = SketchOptions.of(200);
    assertThat(agreement(new RandomOrderProvider(), stream, options)).isGreaterThan(0.9);
  }

  @Test
  void withoutRoomForItsRatesOjaSaysThatItFailed() {
    RowStreams.Stream stream = RowStreams.light(100, 5000, 2, 1);
    SketchResult result =
        run(
            new ExponentialOjaProvider(),
            stream,
            SketchOptions.of(100).withBudgetBytes(ExponentialOja.bytes(100, 4)));
    assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(result.directions()).isEmpty();
    assertThat(result.warnings()).isNotEmpty();
  }

  @Test
  void frequentDirectionsKeepTheirBound() {
    RowStreams.Stream stream = RowStreams.light(60, 3000, 5, 2);
    var sketch =
        new FrequentDirections(
            SketchOptions.of(60).withBudgetBytes(FrequentDirections.bytes(60, 20)),
            new SketchScalarKernel());
    sketch.update(stream.values(), 0, 3000, 60);
    double found = sketch.result().directions().get(0).eigenvalue();
    double exact = stream.gap() > 0 ? topEigenvalue(stream) : 0;
    assertThat(sketch.taken()).isLessThanOrEqualTo(sketch.energy() / 10);
    assertThat(Math.abs(found - exact)).isLessThanOrEqualTo(sketch.taken() / 2 * 1.001);
    assertThat(sketch.peakBytes()).isEqualTo(FrequentDirections.bytes(60, 20));
  }

  private static double topEigenvalue(RowStreams.Stream stream) {
    var kernel = new SketchScalarKernel();
    var products = new double[stream.rows()];
    kernel.products(stream.values(), 0, stream.rows(), stream.width(), stream.top(), 1, products);
    double sum = 0;
    for (double product : products) {
      sum += product * product;
    }
    return sum;
  }
}
