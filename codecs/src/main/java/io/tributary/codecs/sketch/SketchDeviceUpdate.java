package io.tributary.codecs.sketch;

import io.tributary.codecs.internal.BackendSupport;
import io.tributary.codecs.internal.GpuLane;
import io.tributary.codecs.internal.GpuPrograms;
import io.tributary.codecs.internal.GpuTimings;
import io.tributary.sketch.DeviceUpdate;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** Times {@link SketchProjectProgram} and compares it with {@link SketchScalarKernel}. */
final class SketchDeviceUpdate implements DeviceUpdate {
  private static final int WARM_UPS = 2;

  private final SketchKernel device =
      new SketchGpuKernel(SketchProvider.kernel(BackendSupport.processor()));
  private final GpuPrograms<SketchProjectProgram> programs =
      new GpuPrograms<>(SketchProjectProgram.class, () -> new SketchProjectProgram());

  @Override
  public int rows(int width) {
    return device.tileRows(width);
  }

  @Override
  public double deviceSeconds(int width, int columns, int passes) {
    int count = rows(width);
    float[] rows = GpuTimings.ramp(count * width);
    double[] vectors = vectors(width, columns);
    var seconds = new AtomicReference<Double>();
    GpuLane.forEachSlice(
        1,
        (lane, slice) ->
            seconds.set(programs.of(lane).seconds(rows, width, vectors, columns, passes)));
    return Objects.requireNonNull(seconds.get());
  }

  @Override
  public double hostSeconds(int width, int columns, int passes) {
    int count = rows(width);
    float[] rows = GpuTimings.ramp(count * width);
    double[] vectors = vectors(width, columns);
    var products = new double[count * columns];
    var sums = new double[columns * width];
    long best = Long.MAX_VALUE;
    for (int pass = -WARM_UPS; pass < passes; pass++) {
      long began = System.nanoTime();
      device.project(rows, 0, count, width, vectors, columns, products, sums);
      best = pass < 0 ? best : Math.min(best, System.nanoTime() - began);
    }
    return best / 1e9;
  }

  @Override
  public long mismatches(float[] rows, int width, int columns) {
    int count = rows.length / width;
    double[] vectors = vectors(width, columns);
    var expected = new double[count * columns];
    var products = new double[count * columns];
    double[] expectedSums = vectors.clone();
    double[] sums = vectors.clone();
    new SketchScalarKernel()
        .project(rows, 0, count, width, vectors, columns, expected, expectedSums);
    device.project(rows, 0, count, width, vectors, columns, products, sums);
    return differences(expected, products) + differences(expectedSums, sums);
  }

  private static double[] vectors(int width, int columns) {
    var vectors = new double[columns * width];
    for (int c = 0; c < columns; c++) {
      Basis.randomize(vectors, c * width, width, 1, c);
    }
    return vectors;
  }

  private static long differences(double[] expected, double[] actual) {
    long found = 0;
    for (int i = 0; i < expected.length; i++) {
      boolean same =
          Double.doubleToRawLongBits(expected[i]) == Double.doubleToRawLongBits(actual[i]);
      found += same ? 0 : 1;
    }
    return found;
  }
}
