package io.tributary.bench.weights;

import java.util.ArrayList;
import java.util.List;

/** The recipes that are compared: each at 4, 3 and 2 bits where it has a number of bits. */
final class WeightsRecipes {
  private static final List<String> NUMBERED =
      List.of(
          "rtn:%d,g=128",
          "rtn:%d,g=128,asym",
          "hqq:%d,g=128",
          "sinq:%d,g=128",
          "gptq:%d,g=128,order",
          "awq:%d,g=128",
          "spqr:%d",
          "quip:%d",
          "baq:%d");
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
    all.addAll(BLOCKS);
    all.add("rtn:4,g=32");
    for (int bits = 4; bits >= 2; bits--) {
      for (String form : NUMBERED) {
        all.add(form.replace("%d", String.valueOf(bits)));
      }
    }
    return all;
  }
}
