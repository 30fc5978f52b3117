package io.tributary.codecs.fp4;

import io.tributary.codec.CodecId;
import io.tributary.codecs.block.BlockLayout;
import io.tributary.codecs.block.BlockScale;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;

/** The two formats that the package page draws. */
enum Fp4Format {
  MXFP4(new CodecId(0x0012, "mxfp4", 1, 1), 0, 32, 2, 252),
  NVFP4(new CodecId(0x0013, "nvfp4", 1, 1), Float.BYTES, 16, 0, 0x7E);

  /** Values whose codes lie together, as in all block codecs. */
  static final int GROUP = BlockLayout.GROUP;

  private final CodecId id;
  private final int header;
  private final int block;
  private final int leastScale;
  private final int largestScale;

  Fp4Format(CodecId id, int header, int block, int leastScale, int largestScale) {
    this.id = id;
    this.header = header;
    this.block = block;
    this.leastScale = leastScale;
    this.largestScale = largestScale;
  }

  CodecId id() {
    return id;
  }

  /** The values of a block. */
  int block() {
    return block;
  }

  /** The base-2 logarithm of the values of a block. */
  int blockShift() {
    return Integer.numberOfTrailingZeros(block);
  }

  /** Offset of the block scales. */
  int scalesOffset() {
    return header;
  }

  /** Offset of the codes. */
  int codesOffset(int count) {
    return header + blocks(count);
  }

  private int blocks(int count) {
    return count / block + (count % block == 0 ? 0 : 1);
  }

  int length(int count) {
    return Math.toIntExact((long) codesOffset(count) + count / 2 + count % 2);
  }

  /**
   * Checks all of a payload but its codes, every value of which means something.
   *
   * @throws MalformedInputException {@code CORRUPT_PAYLOAD}
   */
  void check(byte[] source, int at, int length, int count) {
    int expected = length(count);
    if (length != expected) {
      throw corrupt(
          Math.min(length, expected),
          "expected " + expected + " bytes for " + count + " values, found " + length);
    }
    if (this == NVFP4 && !Fp4Scales.CHUNK.accepts(BlockScale.get(source, at + 2))) {
      throw corrupt(2, "expected a chunk scale of 0 or from 2^-116 to " + largestChunkScale());
    }
    if (this == NVFP4 && BlockScale.get(source, at) != 0) {
      throw corrupt(0, "expected the lower half of the chunk scale to be 0");
    }
    int scalesAt = at + header;
    int outside = 0;
    for (int i = scalesAt; i < scalesAt + blocks(count); i++) {
      int scale = source[i] & 0xFF;
      outside |= scale - leastScale | largestScale - scale;
    }
    if (outside < 0) {
      throw scaleOutside(source, scalesAt);
    }
    if (count % 2 == 1 && source[at + length - 1] >>> 4 != 0) {
      throw corrupt(length - 1, "expected the unused upper half of the last byte to be 0");
    }
  }

  private MalformedInputException scaleOutside(byte[] source, int scalesAt) {
    int i = 0;
    int found = source[scalesAt] & 0xFF;
    while (found >= leastScale && found <= largestScale) {
      i++;
      found = source[scalesAt + i] & 0xFF;
    }
    return corrupt(
        header + i,
        "expected a block scale from " + leastScale + " to " + largestScale + ", found " + found);
  }

  private static float largestChunkScale() {
    return BlockScale.value(Fp4Scales.CHUNK.largest());
  }

  private MalformedInputException corrupt(long offset, String expectation) {
    return new MalformedInputException(
        ErrorCode.CORRUPT_PAYLOAD, id + " payload", offset, expectation);
  }
}
