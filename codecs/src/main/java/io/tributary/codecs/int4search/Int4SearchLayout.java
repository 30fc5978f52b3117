package io.tributary.codecs.int4search;

import io.tributary.codec.CodecId;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;

/** The constants of the format that the package page draws. */
final class Int4SearchLayout {
  static final CodecId ID = new CodecId(0x0032, "int4search", 1, 1);

  /** Values that share a base. */
  static final int SUPERBLOCK = 4096;

  /** Values whose blocks are interleaved. */
  static final int GROUP = 256;

  /** Blocks of a group, and values of a block: value r of block b stands at 16 r + b. */
  static final int BLOCKS = 16;

  static final int ROWS = GROUP / BLOCKS;
  static final int HALF_ROWS = ROWS / 2;

  /** Bytes of a superblock before its groups, and of a group. */
  static final int BASE_BYTES = 2;

  static final int GROUP_BYTES = BLOCKS + GROUP / 2;

  /** Bytes of a whole superblock. */
  static final int SUPERBLOCK_BYTES = BASE_BYTES + SUPERBLOCK / GROUP * GROUP_BYTES;

  /** A block's byte: scale, sign, book. */
  static final int SCALES = 64;

  static final int SIGN_SHIFT = 6;
  static final int BOOK_SHIFT = 7;

  /** Scales are float32 patterns with so many zeros below. */
  static final int SCALE_SHIFT = 20;

  /** So that 64ths of scales are normal, and all values finite. */
  static final int SMALLEST_BASE = 64;

  static final int LARGEST_BASE =
      (Float.floatToRawIntBits(Float.MAX_VALUE / 13) >>> SCALE_SHIFT) - SCALES;

  private Int4SearchLayout() {}

  static int groups(int count) {
    return count / GROUP + (count % GROUP == 0 ? 0 : 1);
  }

  static long length(int count) {
    int superblocks = count / SUPERBLOCK + (count % SUPERBLOCK == 0 ? 0 : 1);
    return (long) superblocks * BASE_BYTES + (long) groups(count) * GROUP_BYTES;
  }

  static int getBase(byte[] source, int at) {
    return (source[at] & 0xFF) | (source[at + 1] & 0xFF) << 8;
  }

  static void putBase(byte[] target, int at, int base) {
    target[at] = (byte) base;
    target[at + 1] = (byte) (base >>> 8);
  }

  static MalformedInputException corrupt(long offset, String expectation) {
    return new MalformedInputException(
        ErrorCode.CORRUPT_PAYLOAD, "int4search payload", offset, expectation);
  }
}
