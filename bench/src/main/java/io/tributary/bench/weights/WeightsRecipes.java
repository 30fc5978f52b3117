package io.tributary.bench.weights;

import java.util.ArrayList;
import java.util.List;

/**
 * The recipes that are compared: each at 3, 2 and 4 bits where it has a number of bits, in the
 * order of what the rows tell, so that a study that is stopped has those that matter.
 */
final class WeightsRecipes {
  private static final int[] BITS = {3, 2, 4};
  private static final List<String> NUMBERED =
      List.of(
          "rtn:%d,g=128",
          "rtn:%d,g=128,asym",
          "gptq:%d,g=128,order",
          "gptq:%d,g=128,asym,order",
          "sinq:%d,g=128",
          "quip:%d",
          "baq:%d",
          "spqr:%d",
          "hqq:%d,g=128",
          "awq:%d,g=128");
  private static final List<String> BLOCKS = List.of("q8_0", "q4_0");
  private static final List<String> QUICK =
      List.of("rtn:4,g=128", "rtn:3,g=128", "sinq:3,g=128", "gptq:3,g=128");

  private WeightsRecipes() {}

  /** All recipes, or a few that show that all of it runs. */
  static List<String> all(boolean quick) {
    if (quick) {
      return QUICK;
    }
    var all = new ArrayList<String>();
    for (int bits : BITS) {
      for (String form : NUMBERED) {
        all.add(form.replace("%d", String.valueOf(bits)));
      }
    }
    all.add("rtn:4,g=32");
    all.addAll(BLOCKS);
    return all;
  }
}
