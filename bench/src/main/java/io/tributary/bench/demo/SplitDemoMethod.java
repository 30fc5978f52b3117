package io.tributary.bench.demo;

import java.util.List;

/**
 * One codec across the cut.
 *
 * @param name for people
 * @param codec the text that opens it
 * @param bits a value to come down to
 * @param startBits a value in the beginning
 */
record SplitDemoMethod(String name, String codec, double bits, double startBits) {
  /** The run that is watched first, then those that it is compared with. */
  static List<SplitDemoMethod> all() {
    return List.of(
        new SplitDemoMethod("AMAQ, 6 down to 3 bits", "amaq", 3, 6),
        new SplitDemoMethod("amaq-ec, 3 bits", "amaqec", 3, 6),
        new SplitDemoMethod("fp16", "fp16", 16, 16),
        new SplitDemoMethod("fixed, 4 bits", "amaq:fixed", 4, 4),
        new SplitDemoMethod("fixed, 3 bits", "amaq:fixed", 3, 3));
  }
}
