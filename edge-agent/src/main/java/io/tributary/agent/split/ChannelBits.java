package io.tributary.agent.split;

import java.util.ArrayList;
import java.util.List;

/** What is said of the bits of each channel, see {@link SplitClient#bits}. */
final class ChannelBits {
  private ChannelBits() {}

  static double mean(float[] bits) {
    double sum = 0;
    for (float b : bits) {
      sum += b;
    }
    return sum / bits.length;
  }

  /** For each number of bits from 0 on, rounded, how many channels have it. */
  static List<Integer> counts(float[] bits) {
    var counts = new ArrayList<Integer>();
    for (float b : bits) {
      int width = Math.round(b);
      while (counts.size() <= width) {
        counts.add(0);
      }
      counts.set(width, counts.get(width) + 1);
    }
    return List.copyOf(counts);
  }
}
