package io.tributary.codecs.intblock;

import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codecs.block.BlockScale;

/** The definition of the rotation. */
final class RotationScalarKernel implements Rotation {
  private static final float[] SIGNS = Rotation.signs(1);

  @Override
  public void forward(float[] source, int from, int count, int block, float[] target) {
    for (int i = 0; i < count; i += block) {
      for (int j = 0; j < block; j++) {
        target[i + j] = source[from + i + j] * (SIGNS[j] * 0.5f / block);
      }
      transform(target, i, block);
    }
  }

  @Override
  public void backward(float[] values, int count, int block, byte[] scales, int scalesAt) {
    for (int i = 0, at = scalesAt; i < count; i += block, at += SCALE_BYTES) {
      float scale = 2 * BlockScale.value(BlockScale.get(scales, at));
      transform(values, i, block);
      for (int j = 0; j < block; j++) {
        float x = Math.fma(values[i + j], SIGNS[j] * scale, 0f);
        values[i + j] = Math.max(-Float.MAX_VALUE, Math.min(x, Float.MAX_VALUE));
      }
    }
  }

  private static void transform(float[] values, int from, int block) {
    for (int h = 1; h < block; h <<= 1) {
      for (int i = from; i < from + block; i += 2 * h) {
        for (int j = i; j < i + h; j++) {
          float a = values[j];
          float b = values[j + h];
          values[j] = a + b;
          values[j + h] = a - b;
        }
      }
    }
  }
}
