package io.tributary.weights.pack;

/** The definition. */
final class CodeScalarKernel implements CodeKernel {
  @Override
  public void decode(
      byte[] codes, int from, int count, float scale, float zero, float[] target, int at) {
    for (int i = 0; i < count; i++) {
      target[at + i] = scale * ((codes[from + i] & 0xFF) - zero);
    }
  }
}
