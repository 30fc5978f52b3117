package io.tributary.codecs.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HeavyRowsTest {
  private static final int WIDTH = 12;

  private static HeavyRows rows(int slots, int bits) {
    return new HeavyRows(
        new SketchScalarKernel(),
        WIDTH,
        slots,
        bits,
        2,
        new float[WIDTH],
        new double[WIDTH],
        new SpaceMeter());
  }

  /** The Gram matrix of what is held and what came out is that of all rows: nothing is lost. */
  @Test
  void noInformationIsLost() {
    var kernel = new SketchScalarKernel();
    var random = new SplittableRandom(5);
    HeavyRows heavy = rows(6, 32);
    var all = new double[WIDTH * WIDTH];
    var light = new double[WIDTH * WIDTH];
    var row = new float[WIDTH];
    var out = new float[WIDTH];
    var energy = new double[1];
    for (int i = 0; i < 200; i++) {
      RowStreams.normalRow(row, 0, WIDTH, random);
      kernel.energies(row, 0, 1, WIDTH, energy);
      addSquare(row, all);
      if (!heavy.admits(energy[0])) {
        addSquare(row, light);
      } else if (heavy.isFull()) {
        heavy.replaceSmallest(row, 0, energy[0], out);
        addSquare(out, light);
      } else {
        heavy.add(row, 0, energy[0]);
      }
    }
    var unit = new double[WIDTH];
    var products = new double[6];
    for (int j = 0; j < WIDTH; j++) {
      unit[j] = 1;
      heavy.products(unit, 1, products);
      double[] column = new double[WIDTH];
      heavy.accumulate(products, 1, column);
      unit[j] = 0;
      for (int i = 0; i < WIDTH; i++) {
        assertThat(column[i] + light[i * WIDTH + j]).isCloseTo(all[i * WIDTH + j], within(1e-10));
      }
    }
  }

  private static void addSquare(float[] row, double[] gram) {
    for (int i = 0; i < WIDTH; i++) {
      for (int j = 0; j < WIDTH; j++) {
        gram[i * WIDTH + j] += (double) row[i] * row[j];
      }
    }
  }

  @Test
  void theLongestStayAndOfEqualOnesTheFirst() {
    HeavyRows heavy = rows(2, 32);
    var row = new float[WIDTH];
    assertThat(heavy.admits(1)).isTrue();
    heavy.add(row, 0, 4);
    heavy.add(row, 0, 9);
    assertThat(heavy.admits(4)).isFalse();
    assertThat(heavy.admits(5)).isTrue();
    heavy.replaceSmallest(row, 0, 5, new float[WIDTH]);
    assertThat(heavy.countFrom(5)).isEqualTo(2);
    assertThat(heavy.countFrom(6)).isEqualTo(1);
    assertThat(rows(0, 32).admits(1e9)).isFalse();
  }

  @Test
  void eightBitsAreNearAndNeverOutOfRange() {
    for (float scale : new float[] {1f, Float.MIN_VALUE * 190, Float.MAX_VALUE, 0f}) {
      HeavyRows heavy = rows(1, 8);
      var row = new float[WIDTH];
      for (int j = 0; j < WIDTH; j++) {
        row[j] = scale * ((j - 5) / 6f);
      }
      heavy.add(row, 0, 1);
      var out = new float[WIDTH];
      heavy.replaceSmallest(new float[WIDTH], 0, 2, out);
      for (int j = 0; j < WIDTH; j++) {
        float allowed = scale < Float.MIN_NORMAL ? 100 * Float.MIN_VALUE : scale / 250;
        assertThat(out[j]).isCloseTo(row[j], within(allowed));
      }
    }
  }
}
