package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.BLOCK;
import static io.tributary.codecs.ecq.EcqLayout.MAX_CODE;
import static io.tributary.codecs.ecq.EcqLayout.ZERO;

/** The definition of the quantizer: the other kernel is tested against this class. */
final class EcqScalarKernel implements EcqKernel {
  private static final int MAGNITUDE = 0x7FFF_FFFF;

  @Override
  public int largestMagnitude(float[] source, int from, int count) {
    int largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(source[i]) & MAGNITUDE);
    }
    return largest;
  }

  @Override
  public void quantize(
      float[] source, int from, int count, EcqPlan plan, byte[] codes, int[] sums, int[] peaks) {
    quantize(source, from, 0, count, plan, codes, sums, peaks);
  }

  /** Quantizes from a value on that begins a block. */
  static void quantize(
      float[] source,
      int from,
      int first,
      int count,
      EcqPlan plan,
      byte[] codes,
      int[] sums,
      int[] peaks) {
    for (int block = first / BLOCK; BLOCK * block < count; block++) {
      int sum = 0;
      int peak = 0;
      for (int i = BLOCK * block; i < Math.min(count, BLOCK * (block + 1)); i++) {
        int code = plan.code(source[from + i], i);
        int magnitude = Math.min(Math.abs(code), MAX_CODE + 1);
        sum += magnitude;
        peak = Math.max(peak, magnitude);
        codes[i] = (byte) (ZERO + (code < 0 ? -magnitude : magnitude));
      }
      sums[block] = sum;
      peaks[block] = peak;
    }
  }

  @Override
  public int encode(
      EcqStates streams,
      byte[] codes,
      int count,
      byte[] classes,
      int[] entries,
      byte[] target,
      int end) {
    return EcqRans.encode(streams, codes, 0, count, classes, entries, target, end);
  }

  @Override
  public int decode(
      EcqStates streams,
      byte[] source,
      int next,
      int end,
      byte[] codes,
      int count,
      byte[] classes,
      int[] slots) {
    return EcqRans.decode(streams, source, next, end, codes, 0, count, classes, slots);
  }

  @Override
  public void add(float[] values, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      target[from + i] += values[i];
    }
  }
}
