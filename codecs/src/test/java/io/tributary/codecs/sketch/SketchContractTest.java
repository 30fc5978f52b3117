package io.tributary.codecs.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Backend;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.RowSketchProvider;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchOptions.NonFiniteRows;
import io.tributary.sketch.SketchRegistry;
import io.tributary.sketch.SketchResult;
import io.tributary.sketch.SketchResult.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method promises. */
class SketchContractTest {
  private static final int WIDTH = 37;

  static List<RowSketchProvider> methods() {
    return SketchRegistry.load().providers();
  }

  private static RowSketch sketch(RowSketchProvider method, SketchOptions options) {
    return method.create(BackendSupport.processor(), options);
  }

  private static byte[] state(RowSketch sketch) throws IOException {
    var bytes = new ByteArrayOutputStream();
    sketch.save(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void fourMethodsAreFound() {
    assertThat(methods())
        .extracting(RowSketchProvider::name)
        .containsExactly("exponential-oja", "frequent-directions", "random-order", "row-sampling");
    assertThatThrownBy(() -> SketchRegistry.load().create("x", SketchOptions.of(1)))
        .hasMessageContaining("sketch: expected one of [exponential-oja");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aLargeGapIsFound(RowSketchProvider method) {
    RowStreams.Stream stream = RowStreams.light(WIDTH, 3000, 30, 3);
    RowSketch sketch = sketch(method, SketchOptions.of(WIDTH));
    sketch.update(stream.values(), 0, stream.rows(), WIDTH);
    SketchResult result = sketch.result();
    assertThat(result.verdict()).isEqualTo(Verdict.ESTIMATE);
    assertThat(stream.agreement(result.directions().get(0).vector())).isGreaterThan(0.95);
    double expected = 30 * 3000;
    assertThat(result.directions().get(0).eigenvalue()).isBetween(0.6 * expected, 1.6 * expected);
    assertThat(sketch.peakBytes())
        .isLessThanOrEqualTo(sketch.options().mostBytes())
        .isEqualTo(method.bytes(sketch.options()));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void chunksAndBackEndsDontMatter(RowSketchProvider method) throws IOException {
    RowStreams.Stream stream = RowStreams.light(WIDTH, 700, 3, 4);
    RowSketch whole = method.create(Backend.SCALAR, SketchOptions.of(WIDTH));
    whole.update(stream.values(), 0, 700, WIDTH);
    RowSketch pieces = sketch(method, SketchOptions.of(WIDTH));
    for (int done = 0, size = 1; done < 700; done += size, size = size % 40 + 3) {
      size = Math.min(size, 700 - done);
      pieces.update(stream.values(), done * WIDTH, size, WIDTH);
      pieces.result();
    }
    assertThat(state(pieces)).isEqualTo(state(whole));
    assertThat(pieces.result().directions().get(0).vector())
        .isEqualTo(whole.result().directions().get(0).vector());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aRestoredSketchGoesOnBitForBit(RowSketchProvider method) throws IOException {
    for (int bits : new int[] {8, 32}) {
      SketchOptions options = SketchOptions.of(WIDTH).withHeavyBits(bits);
      RowStreams.Stream stream = RowStreams.light(WIDTH, 900, 3, 5);
      RowSketch first = sketch(method, options);
      first.update(stream.values(), 0, 611, WIDTH);
      RowSketch second = sketch(method, options);
      second.restore(new DataInputStream(new ByteArrayInputStream(state(first))));
      first.update(stream.values(), 611 * WIDTH, 289, WIDTH);
      second.update(stream.values(), 611 * WIDTH, 289, WIDTH);
      assertThat(state(second)).isEqualTo(state(first));
      assertThat(second.result().directions().get(0).vector())
          .isEqualTo(first.result().directions().get(0).vector());
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aStateOfAnotherSketchIsRefused(RowSketchProvider method) throws IOException {
    byte[] state = state(sketch(method, SketchOptions.of(WIDTH)));
    RowSketch other = sketch(method, SketchOptions.of(WIDTH).withSeed(77));
    assertThatThrownBy(() -> other.restore(new DataInputStream(new ByteArrayInputStream(state))))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("saved sketch: method: expected " + method.name());
    state[3]++;
    assertThatThrownBy(() -> other.restore(new DataInputStream(new ByteArrayInputStream(state))))
        .hasMessageContaining("saved sketch: version: expected 3, found 4");
  }

  @ParameterizedTest
  @MethodSource("methods")
  void zerosHaveNoDirection(RowSketchProvider method) {
    RowSketch sketch = sketch(method, SketchOptions.of(WIDTH));
    assertThat(sketch.result().verdict()).isEqualTo(Verdict.EMPTY);
    sketch.update(new float[100 * WIDTH], 0, 100, WIDTH);
    assertThat(sketch.result().verdict()).isEqualTo(Verdict.EMPTY);
    assertThat(sketch.result().directions()).isEmpty();
    assertThat(sketch.result().gap()).isEmpty();
    assertThat(sketch.rows()).isEqualTo(100);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void zerosAmongRowsChangeNothing(RowSketchProvider method) {
    RowStreams.Stream stream = RowStreams.light(WIDTH, 500, 10, 6);
    RowSketch plain = sketch(method, SketchOptions.of(WIDTH));
    plain.update(stream.values(), 0, 500, WIDTH);
    RowSketch mixed = sketch(method, SketchOptions.of(WIDTH));
    for (int i = 0; i < 500; i++) {
      mixed.update(new float[WIDTH], 0, 1, WIDTH);
      mixed.update(stream.values(), i * WIDTH, 1, WIDTH);
    }
    assertThat(mixed.result().directions().get(0).vector())
        .isEqualTo(plain.result().directions().get(0).vector());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void rowsThatAreNoNumbersAreNamedOrSkipped(RowSketchProvider method) {
    RowStreams.Stream stream = RowStreams.light(WIDTH, 60, 10, 7);
    float[] values = stream.values().clone();
    values[20 * WIDTH + 5] = Float.NaN;
    values[40 * WIDTH + 7] = Float.NEGATIVE_INFINITY;
    RowSketch refusing = sketch(method, SketchOptions.of(WIDTH));
    assertThatThrownBy(() -> refusing.update(values, 0, 60, WIDTH))
        .isInstanceOf(TributaryException.class)
        .hasMessage(method.name() + ", row 20, value 5: expected a finite number, found NaN")
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.NON_FINITE);
    assertThat(refusing.rows()).isEqualTo(20);
    RowSketch skipping = sketch(method, SketchOptions.of(WIDTH).withNonFinite(NonFiniteRows.SKIP));
    skipping.update(values, 0, 60, WIDTH);
    assertThat(skipping.rows()).isEqualTo(60);
    assertThat(skipping.result().skippedRows()).isEqualTo(2);
    assertThat(skipping.result().directions().get(0).vector()).doesNotContain(Double.NaN);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void anotherWidthIsRefused(RowSketchProvider method) {
    RowSketch sketch = sketch(method, SketchOptions.of(WIDTH));
    assertThatThrownBy(() -> sketch.update(new float[WIDTH + 1], 0, 1, WIDTH + 1))
        .hasMessageContaining("expected 37, found 38");
    assertThat(sketch.rows()).isZero();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void hugeAndTinyRowsOverflowNothing(RowSketchProvider method) {
    for (float scale : new float[] {1e37f, 1e-30f}) {
      RowStreams.Stream stream = RowStreams.light(WIDTH, 2000, 10, 8);
      float[] values = stream.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] *= scale;
      }
      RowSketch sketch = sketch(method, SketchOptions.of(WIDTH));
      sketch.update(values, 0, 2000, WIDTH);
      assertThat(stream.agreement(sketch.result().directions().get(0).vector()))
          .as("scale %s", scale)
          .isGreaterThan(0.8);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void rowsOfMixedScalesOverflowNothing(RowSketchProvider method) {
    RowSketch sketch = sketch(method, SketchOptions.of(2));
    sketch.update(new float[] {1e-30f, 0, 0, 3e38f, 1e-30f, 1e-30f}, 0, 3, 2);
    SketchResult.Direction found = sketch.result().directions().get(0);
    assertThat(found.vector()[1] * found.vector()[1]).isGreaterThan(0.9);
    assertThat(found.eigenvalue()).isBetween(1e76, 1e77);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void oneRowIsItsOwnDirection(RowSketchProvider method) {
    for (int width : new int[] {1, 2, 5}) {
      RowSketch sketch = sketch(method, SketchOptions.of(width));
      var row = new float[width];
      row[width - 1] = -3;
      sketch.update(row, 0, 1, width);
      SketchResult.Direction found = sketch.result().directions().get(0);
      assertThat(found.vector()[width - 1] * found.vector()[width - 1]).isGreaterThan(0.9);
      assertThat(found.eigenvalue()).isBetween(4.0, 10.0);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void mergesOrSaysWhyNot(RowSketchProvider method) {
    RowStreams.Stream stream = RowStreams.light(WIDTH, 2000, 10, 9);
    RowSketch one = sketch(method, SketchOptions.of(WIDTH));
    RowSketch other = sketch(method, SketchOptions.of(WIDTH).withSeed(2));
    one.update(stream.values(), 0, 1000, WIDTH);
    other.update(stream.values(), 1000 * WIDTH, 1000, WIDTH);
    if (!method.description().contains(" merges")) {
      assertThatThrownBy(() -> one.merge(other))
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining("expected a method that merges");
      return;
    }
    one.merge(other);
    assertThat(one.rows()).isEqualTo(2000);
    assertThat(stream.agreement(one.result().directions().get(0).vector())).isGreaterThan(0.8);
    assertThatThrownBy(() -> one.merge(one)).isInstanceOf(TributaryException.class);
    RowSketch narrow = sketch(method, SketchOptions.of(WIDTH - 1).withSeed(3));
    assertThatThrownBy(() -> one.merge(narrow)).hasMessageContaining("another one of width 37");
    for (RowSketchProvider foreign : methods()) {
      if (foreign.getClass() != method.getClass()) {
        RowSketch theirs = sketch(foreign, SketchOptions.of(WIDTH).withSeed(3));
        assertThatThrownBy(() -> one.merge(theirs)).isInstanceOf(TributaryException.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void badOptionsAreRefused(RowSketchProvider method) {
    assertThatThrownBy(() -> sketch(method, SketchOptions.of(1000).withBudgetBytes(100)))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("budget of " + method.name());
    assertThatThrownBy(() -> SketchOptions.of(0)).isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> SketchOptions.of(5).withDirections(65))
        .isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> SketchOptions.of(5).withHeavyBits(4))
        .isInstanceOf(TributaryException.class);
    assertThatThrownBy(() -> SketchOptions.of(5).withBudgetBytes(-1))
        .isInstanceOf(TributaryException.class);
  }
}
