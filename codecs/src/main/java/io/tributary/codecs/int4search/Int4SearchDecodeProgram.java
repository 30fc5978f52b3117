package io.tributary.codecs.int4search;

import static io.tributary.codecs.int4search.Int4SearchLayout.SUPERBLOCK;
import static io.tributary.codecs.int4search.Int4SearchLayout.SUPERBLOCK_BYTES;

import io.tributary.codecs.internal.GpuDevice;
import io.tributary.codecs.internal.GpuProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * int4search's decoder for an OpenCL device: a work group takes a superblock's groups to local
 * memory as whole ints, and each work item decodes two blocks.
 */
final class Int4SearchDecodeProgram extends GpuProgram {
  private static final int WORDS = (SUPERBLOCK_BYTES - Int4SearchLayout.BASE_BYTES) / Integer.BYTES;

  /** The groups of all superblocks, four bytes in an int, the first one lowest. */
  int[] codes = new int[0];

  /** The base of each superblock. */
  int[] bases = new int[0];

  /** What they mean. */
  float[] target = new float[0];

  @Local final int[] words = new int[WORDS];

  final float[] powers = Int4SearchEncodeProgram.powers();
  final float flatBend = Int4SearchBook.FLAT.bend();
  final float bentBend = Int4SearchBook.BENT.bend();

  /** Decodes whole superblocks, at most {@code slice} values; on the lane's thread. */
  void decode(int slice, byte[] source, int at, int count) {
    if (target.length != slice) {
      target = new float[slice];
      codes = new int[slice / SUPERBLOCK * WORDS];
      bases = new int[slice / SUPERBLOCK];
    }
    ByteBuffer bytes = ByteBuffer.wrap(source).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count / SUPERBLOCK; i++) {
      int from = at + SUPERBLOCK_BYTES * i;
      bases[i] = Int4SearchLayout.getBase(source, from);
      bytes.position(from + Int4SearchLayout.BASE_BYTES);
      bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(codes, WORDS * i, WORDS);
    }
    put(codes);
    put(bases);
    GpuDevice.execute(this, count / SUPERBLOCK);
    get(target);
  }

  @Override
  public void run() {
    int item = getLocalId();
    int tile = getGroupId();
    for (int i = item; i < 576; i += 128) {
      words[i] = codes[tile * 576 + i];
    }
    localBarrier();
    int base = bases[tile];
    for (int i = item; i < 256; i += 128) {
      int at = (i >> 4) * 144 + (i & 15);
      int to = tile * 4096 + (i >> 4) * 256 + (i & 15);
      int parameters = signedByte(at);
      int bits = base + (parameters & 63);
      float factor = (8 + (bits & 7)) * 0.125f * powers[(bits >> 3) - 1] * 0.015625f;
      if ((parameters & 64) != 0) {
        factor = -factor;
      }
      float bend = flatBend;
      if (parameters < 0) {
        bend = bentBend;
      }
      for (int row = 0; row < 8; row++) {
        int both = signedByte(at + row * 16 + 16);
        target[to + row * 16] = value(both << 28 >> 28, bend) * factor;
        target[to + row * 16 + 128] = value(both >> 4, bend) * factor;
      }
    }
  }

  private float value(int code, float bend) {
    return code * fma(bend, abs((float) code), 64f);
  }

  private int signedByte(int i) {
    return words[i >> 2] << (24 - 8 * (i & 3)) >> 24;
  }
}
