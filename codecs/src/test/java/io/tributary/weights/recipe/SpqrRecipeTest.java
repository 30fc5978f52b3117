package io.tributary.weights.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.weights.SyntheticLayer;
import io.tributary.weights.SyntheticLayer.Outcome;
import io.tributary.weights.pack.SparseLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpqrRecipeTest {
  private static final SyntheticLayer LAYER = SyntheticLayer.of(Long.getLong("test.seed", 10));

  /** The bits of all but the outliers: codes, statistics, tiles, order, counts. */
  private static double dense(int bits) {
    return bits
        + 2 * 3 / 16.0
        + 64 / 256.0
        + 16.0 / SyntheticLayer.ROWS
        + 16.0 / SyntheticLayer.WIDTH;
  }

  @Test
  void atEqualBitsItBeatsGptqWithGroups() {
    Outcome spqr = LAYER.apply("spqr:3,tau=0.2,damp=0.01");
    Outcome gptq = LAYER.apply("gptq:4,g=64,asym,order");
    System.out.printf(
        "spqr %.3f bits %.5f, gptq %.3f bits %.5f%n",
        spqr.bits(), spqr.proxy(), gptq.bits(), gptq.proxy());
    assertThat(spqr.bits()).isLessThan(gptq.bits());
    assertThat(spqr.proxy()).isLessThan(gptq.proxy());
  }

  @Test
  void outliersAreWorthTheirBits() {
    Outcome with = LAYER.apply("spqr:3");
    Outcome without = LAYER.apply("spqr:3,tau=Infinity");
    double share = (with.bits() - dense(3)) / 32;
    System.out.printf(
        "with outliers %.5f (%.2f %%), without %.5f%n", with.proxy(), 100 * share, without.proxy());
    assertThat(without.bits()).isEqualTo(dense(3));
    assertThat(share).isBetween(0.0005, 0.05);
    assertThat(with.proxy()).isLessThan(without.proxy() / 1.5);
  }

  @Test
  void aHigherThresholdKeepsFewerApart() {
    double before = Double.POSITIVE_INFINITY;
    for (String tau : new String[] {"0.02", "0.1", "0.5", "3"}) {
      double bits = LAYER.apply("spqr:3,tau=" + tau).bits();
      assertThat(bits).isLessThanOrEqualTo(before);
      before = bits;
    }
  }

  /** What is kept apart must not outweigh the codes that it spares. */
  @Test
  void outliersStayFewAtEachWidth() {
    for (int bits = 2; bits <= 5; bits++) {
      Outcome found = LAYER.apply("spqr:" + bits);
      System.out.printf("spqr:%d %.3f bits %.5f%n", bits, found.bits(), found.proxy());
      assertThat((found.bits() - dense(bits)) / 32).isLessThan(0.02);
    }
    assertThat(Recipes.parse("spqr:2,tau=3.2")).hasToString("spqr:2");
    assertThat(Recipes.parse("spqr:3,tau=0.2")).hasToString("spqr:3,tau=0.2");
    assertThat(Recipes.parse("spqr:4,tau=0.2")).hasToString("spqr:4");
  }

  /** A weight that is kept apart is its own half-precision number, but for others' corrections. */
  @Test
  void withoutThresholdAllIsKept() {
    assertThat(LAYER.apply("spqr:2,tau=0").weightError()).isLessThan(1e-6);
  }

  @Test
  void hostileBlocksEndInErrors() {
    var layout = new SparseLayout(3, 3);
    var random = new Random(1);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      var block = new byte[random.nextInt(200)];
      if (random.nextBoolean()) {
        random.nextBytes(block);
      }
      int rows = 1 + random.nextInt(3);
      int width = 1 + random.nextInt(40);
      try {
        layout.unpack(block, rows, width, new float[rows * width], 0);
        read++;
      } catch (TributaryException expected) {
        assertThat(expected).hasMessageContaining("spqr:3,s=3");
      }
    }
    assertThat(read).isPositive();
    assertThatThrownBy(() -> Recipes.parse("spqr:3,tau=-1")).hasMessageContaining("tau=X");
  }
}
