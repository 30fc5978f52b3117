package io.tributary.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.tensor.ArrayRows;
import io.tributary.tensor.RowMatrix;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShuffledRowsTest {
  private static final int WIDTH = 3;

  /** Rows that hold their own index. */
  private static RowMatrix numbered(int rows) {
    var values = new float[rows * WIDTH];
    for (int row = 0; row < rows; row++) {
      Arrays.fill(values, row * WIDTH, (row + 1) * WIDTH, row);
    }
    return new ArrayRows(values, WIDTH);
  }

  private static int[] order(RowMatrix rows, long seed, int bufferRows) {
    var shuffled = new ShuffledRows(rows, seed, bufferRows * WIDTH * Float.BYTES);
    var order = new int[(int) rows.rows()];
    var target = new float[7 * WIDTH];
    int done = 0;
    for (int n = shuffled.next(target, 7); n > 0; n = shuffled.next(target, 7)) {
      for (int i = 0; i < n; i++) {
        order[done++] = (int) target[i * WIDTH];
      }
      assertThat(shuffled.left()).isEqualTo(order.length - done);
    }
    return order;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 15, 16, 17, 100, 1000, 70_000})
  void everyRowComesOnce(int rows) {
    int[] order = order(numbered(rows), 1, 64);
    Arrays.sort(order);
    for (int i = 0; i < rows; i++) {
      assertThat(order[i]).isEqualTo(i);
    }
  }

  @Test
  void theSeedDecides() {
    assertThat(order(numbered(500), 1, 64)).isEqualTo(order(numbered(500), 1, 64));
    assertThat(order(numbered(500), 1, 64)).isNotEqualTo(order(numbered(500), 2, 64));
  }

  /** Pearson's statistic of which of 5 rows comes when, over 5000 orders: 16 degrees of freedom. */
  @Test
  void everyOrderIsEquallyLikely() {
    var counts = new int[5][5];
    int orders = 5000;
    for (int seed = 0; seed < orders; seed++) {
      int[] order = order(numbered(5), seed, 16);
      for (int i = 0; i < 5; i++) {
        counts[i][order[i]]++;
      }
    }
    double expected = orders / 5.0;
    double statistic = 0;
    for (int[] line : counts) {
      for (int count : line) {
        statistic += (count - expected) * (count - expected) / expected;
      }
    }
    assertThat(statistic).isLessThan(45);
  }

  /** The larger number has blocks of more than one row. */
  @ParameterizedTest
  @ValueSource(ints = {20_000, 3_000_000})
  void sortedRowsLoseTheirOrder(int rows) {
    var sorted = new OrderDriftDetector();
    var shuffled = new OrderDriftDetector();
    int[] order = order(numbered(rows), 3, 1000);
    assertThat(Arrays.stream(order).distinct().count()).isEqualTo(rows);
    for (int i = 0; i < order.length; i++) {
      sorted.add(i);
      shuffled.add(order[i]);
    }
    assertThat(sorted.score()).isGreaterThan(OrderDriftDetector.ALARM);
    assertThat(shuffled.score()).isLessThan(OrderDriftDetector.ALARM);
  }

  @Test
  void aBufferForTooFewRowsIsRefused() {
    assertThatThrownBy(() -> order(numbered(100), 1, 15))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("expected at least 192 bytes, found 180");
  }
}
