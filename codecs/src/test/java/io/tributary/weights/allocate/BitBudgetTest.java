package io.tributary.weights.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.weights.allocate.BitBudget.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BitBudgetTest {
  private static final long SEED = Long.getLong("test.seed", 41);

  @Test
  void bitsGoWhereTheySaveMost() {
    List<List<Option>> tensors =
        List.of(
            List.of(new Option(20, 100), new Option(30, 25), new Option(40, 6)),
            List.of(new Option(20, 10), new Option(30, 2.5), new Option(40, 0.6)));
    assertThat(BitBudget.least(tensors)).isEqualTo(40);
    assertThat(BitBudget.share(tensors, 40)).containsExactly(0, 0);
    assertThat(BitBudget.share(tensors, 59)).containsExactly(1, 0);
    assertThat(BitBudget.share(tensors, 60)).containsExactly(2, 0);
    assertThat(BitBudget.share(tensors, 70)).containsExactly(2, 1);
    assertThat(BitBudget.share(tensors, 1000)).containsExactly(2, 2);
  }

  /** Against all choices that there are: what marginal analysis misses is at most its last step. */
  @Test
  void littleIsLostToTheBestChoice() {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    for (int trial = 0; trial < 200; trial++) {
      var tensors = new ArrayList<List<Option>>();
      double step = 0;
      for (int i = 0; i < 4; i++) {
        var options = new ArrayList<Option>();
        double loss = random.nextDouble();
        long bits = 10 + random.nextInt(10);
        for (int size = 0; size < 4; size++) {
          options.add(new Option(bits, loss));
          bits += 5 + random.nextInt(10);
          double next = loss * random.nextDouble();
          step = Math.max(step, loss - next);
          loss = next;
        }
        tensors.add(options);
      }
      long budget = BitBudget.least(tensors) + random.nextInt(100);
      int[] chosen = BitBudget.share(tensors, budget);
      long bits = 0;
      double loss = 0;
      for (int i = 0; i < chosen.length; i++) {
        bits += tensors.get(i).get(chosen[i]).bits();
        loss += tensors.get(i).get(chosen[i]).loss();
      }
      assertThat(bits).isLessThanOrEqualTo(budget);
      assertThat(loss).isLessThanOrEqualTo(best(tensors, budget) + step);
    }
  }

  private static double best(List<List<Option>> tensors, long budget) {
    double best = Double.POSITIVE_INFINITY;
    for (int code = 0; code < 256; code++) {
      long bits = 0;
      double loss = 0;
      for (int i = 0; i < 4; i++) {
        Option option = tensors.get(i).get(code >> 2 * i & 3);
        bits += option.bits();
        loss += option.loss();
      }
      best = bits <= budget ? Math.min(best, loss) : best;
    }
    return best;
  }
}
