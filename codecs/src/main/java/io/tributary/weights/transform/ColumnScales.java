package io.tributary.weights.transform;

import io.tributary.weights.pack.ScaleType;

/**
 * {@code columns}: each column was divided by a number of its own; the side bytes are those
 * numbers, in half precision, and undoing multiplies by them.
 */
public final class ColumnScales implements RowTransform {
  /** The transform's name. */
  public static final String NAME = "columns";

  private static final float LEAST = 0x1p-14f;
  private static final float MOST = 0x1p15f;

  private final float[] scales;

  private ColumnScales(float[] scales) {
    this.scales = scales;
  }

  /** Scales from their side bytes. */
  static ColumnScales read(byte[] side) {
    var scales = new float[side.length / Short.BYTES];
    for (int j = 0; j < scales.length; j++) {
      scales[j] = ScaleType.F16.get(side, j * Short.BYTES);
    }
    return new ColumnScales(scales);
  }

  /**
   * Scales near the given ones, which are positive: first all are divided by their geometric mean,
   * then each is rounded to half precision.
   */
  public static ColumnScales near(double[] wanted) {
    double logarithms = 0;
    for (double scale : wanted) {
      logarithms += StrictMath.log(scale);
    }
    double mean = StrictMath.exp(logarithms / wanted.length);
    var scales = new float[wanted.length];
    for (int j = 0; j < scales.length; j++) {
      float scale = (float) (wanted[j] / mean);
      scales[j] = ScaleType.F16.round(Math.max(LEAST, Math.min(MOST, scale)));
    }
    return new ColumnScales(scales);
  }

  @Override
  public void apply(float[] rows, int at, int count, int width) {
    for (int i = 0; i < count; i++) {
      int row = at + i * width;
      for (int j = 0; j < width; j++) {
        rows[row + j] /= scales[j];
      }
    }
  }

  @Override
  public void undo(float[] rows, int at, int count, int width) {
    for (int i = 0; i < count; i++) {
      int row = at + i * width;
      for (int j = 0; j < width; j++) {
        rows[row + j] *= scales[j];
      }
    }
  }

  @Override
  public void applyToHessian(double[] hessian, int width) {
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        hessian[i * width + j] *= (double) scales[i] * scales[j];
      }
    }
  }

  @Override
  public byte[] side() {
    var side = new byte[scales.length * Short.BYTES];
    for (int j = 0; j < scales.length; j++) {
      ScaleType.F16.put(scales[j], side, j * Short.BYTES);
    }
    return side;
  }

  @Override
  public String toString() {
    return NAME;
  }
}
