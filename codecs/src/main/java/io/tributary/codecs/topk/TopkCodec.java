package io.tributary.codecs.topk;

import static io.tributary.codecs.topk.TopkLayout.BLOCK;
import static io.tributary.codecs.topk.TopkLayout.ENDS_BYTES;
import static io.tributary.codecs.topk.TopkLayout.INDEX_BITS;
import static io.tributary.codecs.topk.TopkLayout.corrupt;
import static io.tributary.codecs.topk.TopkLayout.getShort;
import static io.tributary.codecs.topk.TopkLayout.putShort;

import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.NonFiniteValues;
import java.util.Arrays;
import java.util.Objects;

/**
 * The shell of topk: checks, writes and reads blocks. Safe for any thread; the 48 KiB that
 * selecting needs belong to each thread that encodes.
 */
final class TopkCodec implements TensorCodec {
  private static final ThreadLocal<TopkSelector> SELECTOR =
      ThreadLocal.withInitial(TopkSelector::new);
  private static final int INDEX_MASK = BLOCK - 1;
  private static final float SMALLEST_WIDTH = 0x1p-100f;
  private static final int LARGEST_BF16 = 0x7F7F;

  private final TopkLayout layout;
  private final TopkKernel kernel;

  TopkCodec(TopkLayout layout, TopkKernel kernel) {
    this.layout = layout;
    this.kernel = kernel;
  }

  @Override
  public CodecId id() {
    return TopkLayout.ID;
  }

  @Override
  public int blockElements() {
    return BLOCK;
  }

  @Override
  public int maxEncodedLength(int elements) {
    return Math.toIntExact(layout.length(elements));
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    Objects.checkFromIndexSize(from, count, source.length);
    int length = maxEncodedLength(count);
    Objects.checkFromIndexSize(at, length, target.length);
    layout.putHeader(target, at);
    TopkSelector selector = SELECTOR.get();
    int to = at + TopkLayout.BLOCKS_OFFSET;
    for (int i = 0; i < count; i += BLOCK) {
      int now = Math.min(BLOCK, count - i);
      int kept = TopkLayout.kept(layout.kept(), now);
      if (!selector.select(kernel, source, from + i, now, kept)) {
        throw NonFiniteValues.refuse(source, from, count, "topk");
      }
      write(selector, source, from + i, kept, target, to);
      to += TopkLayout.blockLength(layout.kept(), layout.bits(), now);
    }
    return length;
  }

  private void write(
      TopkSelector selector, float[] source, int from, int kept, byte[] target, int at) {
    int low = selector.smallestPattern >>> 16;
    int high = selector.largestPattern >>> 16;
    putShort(target, at, low);
    putShort(target, at + 2, high);
    int signBit = layout.bits() - 1;
    int steps = (1 << signBit) - 1;
    float end = Float.intBitsToFloat(low << 16);
    float width = Float.intBitsToFloat(high << 16) - end;
    float factor = width >= SMALLEST_WIDTH ? steps / width : 0f;
    long bits = 0;
    int held = 0;
    int to = at + ENDS_BYTES;
    for (int i = 0; i < kept; i++) {
      int index = selector.indices[i];
      float x = source[from + index];
      int step = Math.min((int) Math.fma(Math.abs(x) - end, factor, 0.5f), steps);
      int sign = Float.floatToRawIntBits(x) >>> 31;
      bits |= (long) (index | (step | sign << signBit) << INDEX_BITS) << held;
      for (held += INDEX_BITS + layout.bits(); held >= Byte.SIZE; held -= Byte.SIZE) {
        target[to++] = (byte) bits;
        bits >>>= Byte.SIZE;
      }
    }
    if (held > 0) {
      target[to] = (byte) bits;
    }
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    Arrays.fill(target, from, from + count, 0f);
    read(source, at, count, target, from, true);
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    // Once for the checks, so that nothing is added if one fails.
    read(source, at, count, target, from, false);
    for (int i = from; i < from + count; i++) {
      // Minus zero plus zero is zero.
      target[i] += 0f;
    }
    read(source, at, count, target, from, true);
  }

  private static void check(
      byte[] source, int at, int length, int count, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    Objects.checkFromIndexSize(from, count, target.length);
    TopkLayout.check(source, at, length, count);
  }

  private static void read(
      byte[] source, int at, int count, float[] target, int from, boolean adding) {
    int kept = TopkLayout.keptOf(source, at);
    int bits = TopkLayout.bitsOf(source, at);
    int next = TopkLayout.BLOCKS_OFFSET;
    for (int i = 0; i < count; i += BLOCK) {
      int now = Math.min(BLOCK, count - i);
      readBlock(TopkLayout.kept(kept, now), bits, source, at, next, now, target, from + i, adding);
      next += TopkLayout.blockLength(kept, bits, now);
    }
  }

  private static void readBlock(
      int kept,
      int valueBits,
      byte[] source,
      int at,
      int offset,
      int count,
      float[] target,
      int from,
      boolean adding) {
    int low = getShort(source, at + offset);
    int high = getShort(source, at + offset + 2);
    if (high > LARGEST_BF16 || low > high) {
      throw corrupt(offset, "expected two rising finite bf16 numbers");
    }
    int signBit = valueBits - 1;
    int steps = (1 << signBit) - 1;
    float end = Float.intBitsToFloat(low << 16);
    float width = (Float.intBitsToFloat(high << 16) - end) / steps;
    int entryBits = INDEX_BITS + valueBits;
    int before = -1;
    long bits = 0;
    int held = 0;
    int next = at + offset + ENDS_BYTES;
    for (int i = 0; i < kept; i++) {
      for (; held < entryBits; held += Byte.SIZE) {
        bits |= (source[next++] & 0xFFL) << held;
      }
      int index = (int) bits & INDEX_MASK;
      int step = (int) bits >>> INDEX_BITS & steps;
      int sign = (int) bits >>> (INDEX_BITS + signBit) & 1;
      bits >>>= entryBits;
      held -= entryBits;
      if (index <= before || index >= count) {
        throw corrupt(next - 1 - at, "expected rising indices below " + count + ", found " + index);
      }
      before = index;
      if (adding) {
        float magnitude = Math.fma(step, width, end);
        target[from + index] += sign == 0 ? magnitude : -magnitude;
      }
    }
    if (bits != 0) {
      throw corrupt(next - 1 - at, "expected the unused bits of the block's last byte to be 0");
    }
  }
}
