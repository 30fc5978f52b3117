package io.tributary.weights.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.weights.OutputLoss;
import io.tributary.weights.SyntheticLayer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowTransformTest {
  private static final long SEED = Long.getLong("test.seed", 61);

  private static RowTransform transform(String kind, int width) {
    var random = new Random(SEED);
    return switch (kind) {
      case "rotate" -> new ColumnRotation(3, width);
      case "columns" -> {
        var scales = new double[width];
        for (int j = 0; j < width; j++) {
          scales[j] = Math.exp(random.nextGaussian());
        }
        yield ColumnScales.near(scales);
      }
      default -> {
        var keys = new double[width];
        for (int j = 0; j < width; j++) {
          keys[j] = random.nextDouble();
        }
        yield ColumnOrder.descending(keys);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"rotate", "columns", "order"})
  void whatIsDoneIsUndone(String kind) {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    for (int width : new int[] {1, 2, 5, 64, 172, 384, 1000}) {
      RowTransform transform = transform(kind, width);
      var rows = new float[3 * width + 2];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) random.nextGaussian();
      }
      float[] changed = rows.clone();
      transform.apply(changed, 1, 3, width);
      RowTransform read = RowTransforms.parse(transform.toString(), transform.side(), width);
      read.undo(changed, 1, 3, width);
      for (int i = 0; i < rows.length; i++) {
        assertThat(changed[i]).isCloseTo(rows[i], within(1e-6f * Math.max(1, Math.abs(rows[i]))));
      }
      assertThat(read).hasToString(transform.toString());
      assertThat(read.side()).isEqualTo(transform.side());
    }
  }

  /** The loss of an error is the same before and after, when the Hessian follows. */
  @ParameterizedTest
  @ValueSource(strings = {"rotate", "columns", "order"})
  void theHessianFollows(String kind) {
    SyntheticLayer layer = SyntheticLayer.of(SEED);
    int width = SyntheticLayer.WIDTH;
    double before = OutputLoss.of(layer.weights, 0, 16, width, layer.hessian);
    float[] rows = layer.weights.clone();
    double[] hessian = layer.hessian.clone();
    RowTransform transform = transform(kind, width);
    transform.apply(rows, 0, 16, width);
    transform.applyToHessian(hessian, width);
    assertThat(OutputLoss.of(rows, 0, 16, width, hessian)).isCloseTo(before, within(1e-5 * before));
  }

  /** No value stays special. */
  @ParameterizedTest
  @ValueSource(ints = {64, 172, 384, 1000})
  void aRotationSpreadsOneValueOverMany(int width) {
    int half = Integer.highestOneBit(width);
    for (int j = 0; j < width; j += 7) {
      var row = new float[width];
      row[j] = 1;
      new ColumnRotation(5, width).apply(row, 0, 1, width);
      double squares = 0;
      float most = 0;
      for (float value : row) {
        squares += value * value;
        most = Math.max(most, Math.abs(value));
      }
      assertThat(squares).isCloseTo(1, within(1e-5));
      assertThat(most).isLessThan(half == width ? 1.0001f / (float) Math.sqrt(half) : 0.22f);
    }
  }

  @Test
  void wrongTextsAndSidesAreRefused() {
    assertThatThrownBy(() -> RowTransforms.parse("twist", new byte[0], 4))
        .hasMessageContaining("one of columns, order, rotate");
    assertThatThrownBy(() -> RowTransforms.parse("columns", new byte[7], 4))
        .hasMessageContaining("expected 8 side bytes, found 7");
    assertThatThrownBy(() -> RowTransforms.parse("order", new byte[4], 2))
        .hasMessageContaining("each column once");
    assertThatThrownBy(() -> RowTransforms.parse("rotate", new byte[0], 4))
        .hasMessageContaining("rotate:N");
  }
}
