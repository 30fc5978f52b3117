package io.tributary.bench.sketch;

import io.tributary.sketch.RowSketch;
import io.tributary.sketch.RowSketchProvider;
import io.tributary.sketch.ShuffledRows;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchRegistry;
import io.tributary.sketch.SketchResult;
import io.tributary.tensor.ArrayRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs every method on a matrix with the same memory, and compares with the exact answer. */
final class SketchBench {
  private static final int CHUNK_VALUES = 1 << 16;
  private static final String SPEED = "speed";
  private static final double SPEED_RATIO = 4;
  private static final String COPY = "copy";
  private static final int LEAST_PASSES = 5;
  private static final int SHUFFLE_BYTES = 1 << 24;

  private final SketchRegistry registry = SketchRegistry.load();
  private final List<String> methods;
  private final long budgetBytes;
  private final SketchRows rows;

  /**
   * A bench.
   *
   * @param budgetBytes for each sketch, or 0 for their default
   * @param rows where rows go, and which need not be made again
   */
  SketchBench(List<String> methods, long budgetBytes, SketchRows rows) {
    this.methods = methods;
    this.budgetBytes = budgetBytes;
    this.rows = rows;
  }

  /** The names of all methods. */
  static List<String> methods() {
    return SketchRegistry.load().providers().stream().map(RowSketchProvider::name).toList();
  }

  /** Runs the methods on a made matrix. */
  void run(SketchInstance instance, int width, int wanted, double ratio, long seed) {
    int count = instance.rows(wanted, width);
    if (rows.has(instance.label(), width, count, ratio, seed, methods)) {
      return;
    }
    float[] values = instance.make(width, count, ratio, seed);
    compare(instance.label(), values, width, ratio, seed);
  }

  /** Runs the methods on a real matrix, with its rows in random order. */
  void runShuffled(String name, float[] values, int width, long seed) {
    if (rows.has(name, width, values.length / width, 0, seed, methods)) {
      return;
    }
    var shuffled = new ShuffledRows(new ArrayRows(values, width), seed, shuffleBytes(width));
    var ordered = new float[values.length];
    var chunk = new float[chunkRows(width) * width];
    int done = 0;
    for (int n = shuffled.next(chunk, chunkRows(width));
        n > 0;
        n = shuffled.next(chunk, chunkRows(width))) {
      System.arraycopy(chunk, 0, ordered, done, n * width);
      done += n * width;
    }
    compare(name, ordered, width, 0, seed);
  }

  private static int shuffleBytes(int width) {
    return Math.max(SHUFFLE_BYTES, 64 * Float.BYTES * width);
  }

  private static int chunkRows(int width) {
    return Math.max(1, CHUNK_VALUES / width);
  }

  private void compare(String name, float[] values, int width, double ratio, long seed) {
    ExactTop exact = ExactTop.of(values, width, seed);
    double shownRatio = ratio > 0 ? ratio : exact.gap();
    var found = new ArrayList<SketchRow>();
    for (String method : methods) {
      RowSketch sketch = registry.create(method, options(width, seed));
      long began = System.nanoTime();
      update(sketch, values, width);
      double seconds = (System.nanoTime() - began) / 1e9;
      SketchResult result = sketch.result();
      double cos2 =
          result.directions().isEmpty()
              ? 0
              : exact.squaredCosine(result.directions().get(0).vector());
      found.add(
          new SketchRow(
              name,
              width,
              values.length / width,
              shownRatio,
              exact.gap(),
              method,
              seed,
              Byte.SIZE * sketch.peakBytes(),
              Byte.SIZE * registry.bytes(method, sketch.options()),
              cos2,
              Float.BYTES * (double) values.length / seconds / 1e9,
              result.drift(),
              result.verdict().name().toLowerCase(java.util.Locale.ROOT)));
    }
    rows.add(found);
  }

  private SketchOptions options(int width, long seed) {
    return SketchOptions.of(width).withSeed(seed).withBudgetBytes(budgetBytes);
  }

  private static void update(RowSketch sketch, float[] values, int width) {
    int count = values.length / width;
    int chunk = chunkRows(width);
    for (int done = 0; done < count; done += chunk) {
      sketch.update(values, done * width, Math.min(chunk, count - done), width);
    }
  }

  /**
   * Times updates alone, the same 16 MiB of normal rows again and again, and a copy of them beside:
   * medians after a warm-up.
   *
   * @param nanos how long to warm up, and again how long to measure
   */
  void speed(String method, int width, long seed, long nanos) {
    if (rows.has(SPEED, width, 0, SPEED_RATIO, seed, List.of(method))) {
      return;
    }
    float[] values = SketchInstance.LIGHT.make(width, (1 << 22) / width, SPEED_RATIO, seed);
    if (!rows.has(SPEED, width, 0, SPEED_RATIO, seed, List.of(COPY))) {
      var target = new float[values.length];
      double seconds = median(() -> System.arraycopy(values, 0, target, 0, target.length), nanos);
      rows.add(List.of(timed(COPY, width, values.length / width, seed, 0, 0, values, seconds)));
    }
    RowSketch sketch = registry.create(method, options(width, seed));
    double seconds = median(() -> update(sketch, values, width), nanos);
    long bits = Byte.SIZE * sketch.peakBytes();
    long formula = Byte.SIZE * registry.bytes(method, sketch.options());
    rows.add(List.of(timed(method, width, sketch.rows(), seed, bits, formula, values, seconds)));
  }

  private static SketchRow timed(
      String method,
      int width,
      long count,
      long seed,
      long bits,
      long formula,
      float[] values,
      double seconds) {
    double gbps = Float.BYTES * (double) values.length / seconds / 1e9;
    return new SketchRow(
        SPEED, width, count, SPEED_RATIO, 0, method, seed, bits, formula, 0, gbps, 0, "timed");
  }

  /** The median time of a pass, in seconds. */
  private static double median(Runnable pass, long nanos) {
    long began = System.nanoTime();
    while (System.nanoTime() - began < nanos) {
      pass.run();
    }
    var passes = new ArrayList<Double>();
    for (long first = System.nanoTime();
        passes.size() < LEAST_PASSES || System.nanoTime() - first < nanos; ) {
      long before = System.nanoTime();
      pass.run();
      passes.add((System.nanoTime() - before) / 1e9);
    }
    Collections.sort(passes);
    return passes.get(passes.size() / 2);
  }
}
