package io.tributary.bench.sketch;

import io.tributary.sketch.RowSketch;
import io.tributary.sketch.RowSketchProvider;
import io.tributary.sketch.ShuffledRows;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchRegistry;
import io.tributary.sketch.SketchResult;
import io.tributary.tensor.ArrayRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs every method on a matrix with the same memory, and compares with the exact answer. */
final class SketchBench {
  private static final int CHUNK_VALUES = 1 << 16;
  private static final String SPEED = "speed";
  private static final double SPEED_RATIO = 4;
  private static final int SPEED_PASSES = 60;
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
   * Times updates alone: the median of many passes over the same 16 MiB of normal rows, after as
   * many to warm up.
   */
  void speed(String method, int width, long seed) {
    if (rows.has(SPEED, width, 0, SPEED_RATIO, seed, List.of(method))) {
      return;
    }
    float[] values = SketchInstance.LIGHT.make(width, (1 << 22) / width, SPEED_RATIO, seed);
    RowSketch sketch = registry.create(method, options(width, seed));
    var seconds = new double[SPEED_PASSES];
    for (int pass = -SPEED_PASSES / 2; pass < SPEED_PASSES; pass++) {
      long began = System.nanoTime();
      update(sketch, values, width);
      seconds[Math.max(0, pass)] = (System.nanoTime() - began) / 1e9;
    }
    Arrays.sort(seconds);
    SketchResult result = sketch.result();
    rows.add(
        List.of(
            new SketchRow(
                SPEED,
                width,
                sketch.rows(),
                SPEED_RATIO,
                result.gap().orElse(0),
                method,
                seed,
                Byte.SIZE * sketch.peakBytes(),
                Byte.SIZE * registry.bytes(method, sketch.options()),
                0,
                Float.BYTES * (double) values.length / seconds[SPEED_PASSES / 2] / 1e9,
                result.drift(),
                "timed")));
  }
}
