package io.tributary.bench.codecs;

import java.util.List;

/**
 * How many values a fork goes through.
 *
 * @param name how rows call it
 * @param window values that one turn of the benchmark takes
 * @param windows how many of them lie in memory; each turn takes the next
 */
record BenchSize(String name, int window, int windows) {
  private static final int MEBI = 1 << 20;

  /** The same 4 MiB again and again: they stay in a cache. */
  static final BenchSize HOT = new BenchSize("hot", MEBI, 1);

  /** 256 MiB, 16 at a time: they come from memory. */
  static final BenchSize COLD = new BenchSize("cold", 4 * MEBI, 16);

  /** Both. */
  static final List<BenchSize> ALL = List.of(HOT, COLD);
}
