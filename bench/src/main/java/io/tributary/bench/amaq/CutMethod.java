package io.tributary.bench.amaq;

import java.util.ArrayList;
import java.util.List;

/**
 * One way across the cut.
 *
 * @param name what it is called in the rows
 * @param codec the text that opens it
 * @param budget bits a value, the mean over the whole run, codes alone; 32 without a codec
 * @param last bits a value at the end of the run, which is lower where the beginning took more
 * @param start bits a value in the beginning
 */
record CutMethod(String name, String codec, double budget, double last, double start) {
  private static final double START = 6;

  static CutMethod uncompressed() {
    return new CutMethod("uncompressed", "raw32", 32, 32, 32);
  }

  private static CutMethod flat(String name, String codec, double budget) {
    return new CutMethod(name, codec, budget, budget, budget);
  }

  /** Begins with more bits, and ends with so few that the whole run takes the budget. */
  private static CutMethod falling(String name, String codec, double budget, EarlyPhase early) {
    return new CutMethod(name, codec, budget, early.lastBits(codec, START, budget), START);
  }

  /** All methods at the budgets that whole bits can meet, and the entropy coder below them. */
  static List<CutMethod> all(boolean quick, EarlyPhase early) {
    var methods = new ArrayList<>(List.of(uncompressed()));
    double[] budgets = quick ? new double[] {3} : new double[] {3, 4};
    for (double budget : budgets) {
      methods.add(flat("fixed", "amaq:fixed", budget));
      methods.add(falling("AMAQ", "amaq", budget, early));
      methods.add(flat("amaq-ec", "amaqec", budget));
      methods.add(flat("oracle by variance", "amaq:variance", budget));
      methods.add(flat("AQ-SGD", "aqsgd", budget));
    }
    methods.add(flat("amaq-ec", "amaqec", 1));
    if (!quick) {
      methods.add(flat("amaq-ec", "amaqec", 2));
      methods.add(flat("fixed", "amaq:fixed", 2));
    }
    for (double budget : budgets) {
      methods.add(flat("fixed by group", "groupbits", budget));
      methods.add(flat("fixed, sharp", "amaq:fixed-sharp", budget));
      methods.add(falling("AMAQ, sharp", "amaq:learned-sharp", budget, early));
    }
    methods.add(flat("amaq-ec, step by channel", "amaqec:channel", 3));
    if (!quick) {
      methods.add(flat("fixed, sharp", "amaq:fixed-sharp", 2));
    }
    return methods;
  }

  /** What a pre-trained encoder is trained through, the most telling first. */
  static List<CutMethod> forEncoder(boolean quick, EarlyPhase early) {
    var methods = new ArrayList<>(List.of(uncompressed(), flat("amaq-ec", "amaqec", 1)));
    if (quick) {
      methods.add(flat("fixed", "amaq:fixed", 3));
      return methods;
    }
    methods.add(flat("amaq-ec", "amaqec", 2));
    methods.add(flat("fixed", "amaq:fixed", 3));
    methods.add(falling("AMAQ", "amaq", 3, early));
    methods.add(flat("fixed", "amaq:fixed", 2));
    methods.add(flat("fixed", "amaq:fixed", 4));
    methods.add(falling("AMAQ", "amaq", 4, early));
    methods.add(flat("amaq-ec", "amaqec", 0.9));
    methods.add(flat("AQ-SGD", "aqsgd", 3));
    methods.add(flat("oracle by variance", "amaq:variance", 3));
    methods.add(flat("amaq-ec", "amaqec", 0.5));
    methods.add(flat("AQ-SGD", "aqsgd", 4));
    methods.add(flat("oracle by variance", "amaq:variance", 4));
    return methods;
  }
}
