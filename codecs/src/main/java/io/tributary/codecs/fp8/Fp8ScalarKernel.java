package io.tributary.codecs.fp8;

import static io.tributary.codecs.block.BlockLayout.SCALE_BYTES;

import io.tributary.codecs.block.BlockKernel;
import io.tributary.codecs.block.BlockScale;

/** The definition of fp8's arithmetic: every other kernel is tested against this class. */
final class Fp8ScalarKernel implements BlockKernel {
  private static final int EXPONENT = 0x7F80_0000;

  private final Fp8Format format;
  private final float[] meaning = new float[256];

  Fp8ScalarKernel(Fp8Format format) {
    this.format = format;
    float leastNormal = Float.intBitsToFloat(format.leastNormal());
    for (int code = 0; code < meaning.length; code++) {
      int bits = ((code & 0x7F) << format.shift()) + format.exponentOffset();
      float normal = Float.intBitsToFloat(bits);
      float magnitude = Math.min(normal, 2 * normal - leastNormal);
      meaning[code] = code < 0x80 ? magnitude : -magnitude;
    }
  }

  @Override
  public boolean encode(
      float[] source, int from, int count, int block, byte[] target, int scalesAt, int codesAt) {
    if (!format.layout().scale().encode(source, from, count, block, target, scalesAt)) {
      return false;
    }
    for (int i = 0; i < count; i += block, scalesAt += SCALE_BYTES) {
      float reciprocal = BlockScale.reciprocal(BlockScale.get(target, scalesAt));
      for (int j = i; j < Math.min(count, i + block); j++) {
        target[codesAt + j] = (byte) code(source[from + j] * reciprocal);
      }
    }
    return true;
  }

  private int code(float y) {
    int bits = BlockScale.magnitude(y);
    int exponent = Math.max(bits & EXPONENT, format.leastNormal());
    int rounder = exponent + format.toLastPlace();
    float sum = Float.intBitsToFloat(bits) + Float.intBitsToFloat(rounder);
    int significand = Float.floatToRawIntBits(sum) - rounder;
    int magnitude = significand + ((exponent - format.leastNormal()) >>> format.shift());
    return magnitude | (Float.floatToRawIntBits(y) >>> 24 & 0x80);
  }

  @Override
  public void decode(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0; i < count; i += block, scalesAt += SCALE_BYTES) {
      float scale = BlockScale.value(BlockScale.get(source, scalesAt));
      for (int j = i; j < Math.min(count, i + block); j++) {
        target[from + j] = meaning[source[codesAt + j] & 0xFF] * scale;
      }
    }
  }

  @Override
  public void accumulate(
      byte[] source, int scalesAt, int codesAt, int count, int block, float[] target, int from) {
    for (int i = 0; i < count; i += block, scalesAt += SCALE_BYTES) {
      float scale = BlockScale.value(BlockScale.get(source, scalesAt));
      for (int j = i; j < Math.min(count, i + block); j++) {
        target[from + j] += meaning[source[codesAt + j] & 0xFF] * scale;
      }
    }
  }
}
