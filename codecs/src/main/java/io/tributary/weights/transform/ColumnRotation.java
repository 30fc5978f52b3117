package io.tributary.weights.transform;

/**
 * {@code rotate:SEED}: each row was rotated, so that no column is special any more; a seed is all
 * that must be kept.
 *
 * <p>With h the largest power of two up to the width n, a rotation is: signs; the Walsh-Hadamard
 * transform of the first h values, over √h; and, unless h is n, signs again and the transform of
 * the last h values. The two transforms overlap, since h is more than half of n, so any width is
 * mixed in O(n log n). Where h is n each value is spread evenly over all places; otherwise, by
 * chance of the signs between, a place may get more of it than 1/√h: up to 0.22 in its test. For
 * rows {@code w Qᵀ} with Q orthogonal the Hessian becomes {@code Q H Qᵀ}.
 *
 * <p>Random rotations as in QuIP (Chee et al., arXiv 2307.13304), with signs and Hadamard matrices
 * as in QuIP# (Tseng et al., arXiv 2402.04396); the overlap is this project's.
 */
public final class ColumnRotation implements RowTransform {
  /** The transform's name. */
  public static final String NAME = "rotate";

  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private final int seed;
  private final float[] first;
  private final float[] second;
  private final int half;

  /**
   * The rotation of a seed for rows of one width.
   *
   * @param seed at least 0
   * @param width at least 1
   */
  public ColumnRotation(int seed, int width) {
    this.seed = seed;
    half = Integer.highestOneBit(width);
    first = signs(2L * seed, width);
    second = signs(2L * seed + 1, width);
  }

  /** Signs from the bits of SplitMix64, 64 at a time, the lowest first. */
  private static float[] signs(long stream, int width) {
    var signs = new float[width];
    long state = (stream + 1) * 0xD134_2543_DE82_EF95L;
    long bits = 0;
    for (int j = 0; j < width; j++) {
      if (j % Long.SIZE == 0) {
        state += GOLDEN;
        bits = (state ^ state >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D0_49BB_1331_11EBL;
        bits ^= bits >>> 31;
      }
      signs[j] = (bits >>> j % Long.SIZE & 1) == 0 ? 1 : -1;
    }
    return signs;
  }

  @Override
  public void apply(float[] rows, int at, int count, int width) {
    var row = new double[width];
    for (int from = at; from < at + count * width; from += width) {
      for (int j = 0; j < width; j++) {
        row[j] = rows[from + j];
      }
      rotate(row, 0);
      for (int j = 0; j < width; j++) {
        rows[from + j] = (float) row[j];
      }
    }
  }

  @Override
  public void undo(float[] rows, int at, int count, int width) {
    var row = new double[width];
    for (int from = at; from < at + count * width; from += width) {
      for (int j = 0; j < width; j++) {
        row[j] = rows[from + j];
      }
      rotateBack(row, 0);
      for (int j = 0; j < width; j++) {
        rows[from + j] = (float) row[j];
      }
    }
  }

  /** Rotates rows, then columns: {@code Q H Qᵀ}. */
  @Override
  public void applyToHessian(double[] hessian, int width) {
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < width; i++) {
        rotate(hessian, i * width);
      }
      transpose(hessian, width);
    }
  }

  private static void transpose(double[] matrix, int n) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double swapped = matrix[i * n + j];
        matrix[i * n + j] = matrix[j * n + i];
        matrix[j * n + i] = swapped;
      }
    }
  }

  private void rotate(double[] row, int at) {
    int width = first.length;
    multiply(row, at, first);
    hadamard(row, at, half);
    if (half < width) {
      multiply(row, at, second);
      hadamard(row, at + width - half, half);
    }
  }

  private void rotateBack(double[] row, int at) {
    int width = first.length;
    if (half < width) {
      hadamard(row, at + width - half, half);
      multiply(row, at, second);
    }
    hadamard(row, at, half);
    multiply(row, at, first);
  }

  private static void multiply(double[] row, int at, float[] signs) {
    for (int j = 0; j < signs.length; j++) {
      row[at + j] *= signs[j];
    }
  }

  private static void hadamard(double[] row, int at, int n) {
    for (int h = 1; h < n; h *= 2) {
      for (int block = at; block < at + n; block += 2 * h) {
        for (int j = block; j < block + h; j++) {
          double a = row[j];
          double b = row[j + h];
          row[j] = a + b;
          row[j + h] = a - b;
        }
      }
    }
    double scale = 1 / Math.sqrt(n);
    for (int j = at; j < at + n; j++) {
      row[j] *= scale;
    }
  }

  @Override
  public byte[] side() {
    return new byte[0];
  }

  @Override
  public String toString() {
    return NAME + ":" + seed;
  }
}
