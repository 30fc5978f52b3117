package io.tributary.codecs.intblock;

import io.tributary.codecs.block.BlockEncodeProgram;

/** intblock's encoder for an OpenCL device, for every number of bits. */
class IntBlockEncodeProgram extends BlockEncodeProgram {
  /** The roots of {@link Int2Scale}. */
  protected final float[] roots = Int2Scale.ROOTS.clone();

  /** The signs of {@link Rotation}. */
  protected final float[] signs = Rotation.signs(1);

  /** 1 if blocks are rotated. */
  protected final int rotated;

  /** The tile's codes, of which the lower bits count. */
  @Local protected final int[] quantized = new int[TILE];

  IntBlockEncodeProgram() {
    this(false);
  }

  IntBlockEncodeProgram(boolean rotated) {
    this.rotated = rotated ? 1 : 0;
  }

  @Override
  public void run() {
    load();
    if (rotated != 0) {
      rotate();
    }
    prepareLoaded();
    if (codeBits == 2) {
      refineScales();
    }
    int item = getLocalId();
    for (int i = 0; i < 8; i++) {
      int at = item + i * 128;
      quantized[at] = code(values[at], reciprocal[at >> 5]);
    }
    localBarrier();
    pack();
  }

  /** What {@link Rotation#forward} says. */
  private void rotate() {
    int item = getLocalId();
    int block = (halvesMask + 1) * 32;
    int exponent = clz(block) - 32;
    for (int i = 0; i < 8; i++) {
      int at = item + i * 128;
      values[at] = values[at] * (signs[at & (block - 1)] * powers[126 + exponent]);
    }
    localBarrier();
    for (int h = 1; h < block; h = h << 1) {
      for (int i = 0; i < 4; i++) {
        int pair = item + i * 128;
        int at = (pair & ~(h - 1)) * 2 + (pair & (h - 1));
        float a = values[at];
        float b = values[at + h];
        values[at] = a + b;
        values[at + h] = a - b;
      }
      localBarrier();
    }
  }

  private int code(float x, float factor) {
    int result = 0;
    if (codeBits == 2) {
      float y = x * factor;
      if (abs(y) >= 8f) {
        result = 1;
      }
      if (y < 0f) {
        result = -1 - result;
      }
    } else {
      float step = 12582912f;
      if (codeBits == 3) {
        step = 50331648f;
      }
      result = (int) (fma(x, factor, step) - step);
      if (codeBits == 3) {
        result = result >> 2;
      }
    }
    return result;
  }

  private void refineScales() {
    int item = getLocalId();
    int part = item >> 2;
    float squares = 0f;
    for (int i = 0; i < 8; i++) {
      float x = values[part * 32 + (item & 3) + ((i + part) & 7) * 4];
      float measured = fma(x, reciprocal[part], 12582912f) - 12582912f;
      squares = fma(measured, measured, squares);
    }
    largest[item] = squares;
    localBarrier();
    if (item < 32) {
      int first = item & ~halvesMask;
      float sum = 0f;
      for (int i = first * 4; i < (first + halvesMask + 1) * 4; i++) {
        sum = sum + largest[i];
      }
      int at = getGroupId() * 32 + item;
      int refined = refined(scales[at], (int) sum);
      scales[at] = refined;
      reciprocal[item] = reciprocalOf(refined);
    }
    localBarrier();
  }

  /** What {@link Int2Scale#of} says; a block has 32 times the next power of its halves. */
  private int refined(int ruler, int sum) {
    int result = ruler;
    if (ruler > 0 && ruler < 0x7F80) {
      int exponent = 31 - clz(sum) - (37 - clz(halvesMask));
      int index = (((exponent & 1) << 7) | (((sum << clz(sum)) >> 24) & 127));
      float significand = (128 + (ruler & 127)) * 0.0078125f;
      float unit = significand * powers[(ruler >> 7) - 1];
      float product = unit * roots[index];
      result = min(bf16(product * powers[(exponent >> 1) + 123], 0x8000), largestScale);
    }
    return result;
  }

  private void pack() {
    int item = getLocalId();
    int groupBytes = codeBits * 8;
    int plane = getGroupId() * 16 * groupBytes;
    int shift = 0;
    if ((codeBits & 4) != 0) {
      for (int i = 0; i < 4; i++) {
        int at = item + i * 128;
        int first = (at >> 5) * 64 + (at & 31);
        int low = quantized[first] & 15;
        int high = quantized[first + 32] & 15;
        codes[plane + (at >> 5) * groupBytes + (at & 31)] = (byte) (low | high << 4);
      }
      plane = plane + 32;
      shift = 4;
    }
    if ((codeBits & 2) != 0) {
      for (int i = 0; i < 2; i++) {
        int at = item + i * 128;
        int first = (at >> 4) * 64 + (at & 15);
        int pairs = 0;
        for (int j = 0; j < 4; j++) {
          pairs = pairs | (((quantized[first + j * 16] >> shift) & 3) << (2 * j));
        }
        codes[plane + (at >> 4) * groupBytes + (at & 15)] = (byte) pairs;
      }
      plane = plane + 16;
      shift = shift + 2;
    }
    if ((codeBits & 1) != 0) {
      int first = (item >> 3) * 64 + (item & 7);
      int bits = 0;
      for (int j = 0; j < 8; j++) {
        bits = bits | (((quantized[first + j * 8] >> shift) & 1) << j);
      }
      codes[plane + (item >> 3) * groupBytes + (item & 7)] = (byte) bits;
    }
  }
}
