package io.tributary.weights.ggml;

/** The definition: one value after the other. */
final class SmallBlockScalarKernel implements SmallBlockKernel {
  @Override
  public void fourBits(float[] x, int at, int blocks, byte[] target, int to) {
    for (int block = 0; block < blocks; block++) {
      int from = at + block * VALUES;
      int start = to + block * (Short.BYTES + VALUES / 2);
      float factor = putFourBitScale(largest(x, from), target, start);
      for (int j = 0; j < VALUES / 2; j++) {
        int low = Math.min(15, (int) (x[from + j] * factor + 8.5f));
        int high = Math.min(15, (int) (x[from + j + VALUES / 2] * factor + 8.5f));
        target[start + Short.BYTES + j] = (byte) (low | high << 4);
      }
    }
  }

  /** The value of the largest magnitude, of several the first. */
  static float largest(float[] x, int from) {
    float largest = 0;
    for (int j = from; j < from + VALUES; j++) {
      if (Math.abs(x[j]) > Math.abs(largest)) {
        largest = x[j];
      }
    }
    return largest;
  }

  /** Stores the scale and returns what values are multiplied by. */
  static float putFourBitScale(float largest, byte[] target, int at) {
    float scale = largest / -8;
    BlockEncoder.putHalf(scale, target, at);
    return inverse(scale);
  }

  @Override
  public void eightBits(float[] x, int at, int blocks, byte[] target, int to) {
    for (int block = 0; block < blocks; block++) {
      int from = at + block * VALUES;
      int start = to + block * (Short.BYTES + VALUES);
      float most = 0;
      for (int j = 0; j < VALUES; j++) {
        most = Math.max(most, Math.abs(x[from + j]));
      }
      float factor = putEightBitScale(most, target, start);
      for (int j = 0; j < VALUES; j++) {
        float value = x[from + j] * factor;
        // Halves away from zero, as ggml rounds here.
        target[start + Short.BYTES + j] = (byte) (int) (value + Math.copySign(0.5f, value));
      }
    }
  }

  /** Stores the scale and returns what values are multiplied by. */
  static float putEightBitScale(float most, byte[] target, int at) {
    float scale = most / 127;
    BlockEncoder.putHalf(scale, target, at);
    return inverse(scale);
  }

  /** 0 where there is none that is finite: such a scale is stored as 0. */
  private static float inverse(float scale) {
    float inverse = 1 / scale;
    return Math.abs(inverse) <= Float.MAX_VALUE ? inverse : 0;
  }
}
