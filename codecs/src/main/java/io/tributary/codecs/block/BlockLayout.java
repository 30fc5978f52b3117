package io.tributary.codecs.block;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import java.util.List;
import java.util.Locale;

/**
 * Where the parts of a block codec's payload lie, see the package page for the drawing.
 *
 * @param codec the codec's name, for messages
 * @param codeBits the bits of a code, 2 to 8
 * @param scale the scale rule
 * @param defaultBlockSize the block size that is used if nobody asks for another
 */
public record BlockLayout(String codec, int codeBits, BlockScale scale, int defaultBlockSize) {
  /** The values whose codes lie together. */
  public static final int GROUP = 64;

  /** The values of half a group, which is the smallest block. */
  public static final int HALF = GROUP / 2;

  /** The block sizes that exist: half a group, and 1, 2 and 4 groups. */
  public static final List<Integer> BLOCK_SIZES = List.of(HALF, GROUP, 2 * GROUP, 4 * GROUP);

  /** Offset of the block size, 2 bytes. */
  public static final int BLOCK_SIZE_OFFSET = 0;

  /** Offset of 2 bytes that are written as 0 and must be 0 when read. */
  public static final int RESERVED_OFFSET = BLOCK_SIZE_OFFSET + Short.BYTES;

  /** Offset of the scales. */
  public static final int SCALES_OFFSET = RESERVED_OFFSET + Short.BYTES;

  /** Bytes of one scale. */
  public static final int SCALE_BYTES = Short.BYTES;

  /**
   * The block size that a codec's parameter asks for; the empty text asks for the default.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} for anything else than
   *     one of {@link #BLOCK_SIZES}
   */
  public int blockSize(String parameter) {
    if (parameter.isEmpty()) {
      return defaultBlockSize;
    }
    for (int size : BLOCK_SIZES) {
      if (parameter.equals(Integer.toString(size))) {
        return size;
      }
    }
    throw Errors.invalidSetting(
        "parameter of " + codec, "'" + parameter + "'", "a block size of " + BLOCK_SIZES);
  }

  /** Offset of the codes. */
  public static int codesOffset(int count, int block) {
    return SCALES_OFFSET + SCALE_BYTES * blocks(count, block);
  }

  /** Where the codes lie of what follows {@code values} values, a multiple of 8. */
  public int codesAt(int first, int values) {
    return first + values / Byte.SIZE * codeBits;
  }

  /** The values of the whole blocks of a run, without those of a last group that is short. */
  public static int wholeGroups(int count, int block) {
    return count - count % Math.max(block, GROUP);
  }

  /** The number of blocks, the last of which may be short. */
  public static int blocks(int count, int block) {
    return count / block + (count % block == 0 ? 0 : 1);
  }

  /**
   * The bytes of a payload.
   *
   * @throws ArithmeticException if they don't fit into an array
   */
  public int length(int count, int block) {
    return Math.toIntExact(codesOffset(count, block) + codesLength(count));
  }

  private long codesLength(int count) {
    int last = count % GROUP;
    long bytes = (long) (count - last) / Byte.SIZE * codeBits;
    for (int width = Byte.SIZE; width > 0; width >>= 1) {
      bytes += planeBytes(last, codeBits & width);
    }
    return bytes;
  }

  /** The bytes of the plane that holds so many bits of each of a group's values. */
  public static int planeBytes(int values, int width) {
    return (values * width + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** Writes the header. */
  public void putHeader(byte[] target, int at, int block) {
    BlockScale.put(target, at + BLOCK_SIZE_OFFSET, block);
    BlockScale.put(target, at + RESERVED_OFFSET, 0);
  }

  /**
   * Checks all of a payload but its codes, every value of which means something.
   *
   * @return the block size
   * @throws MalformedInputException {@code CORRUPT_PAYLOAD}
   */
  public int check(byte[] source, int at, int length, int count) {
    if (length < SCALES_OFFSET) {
      throw corrupt(length, "expected at least " + SCALES_OFFSET + " bytes, found " + length);
    }
    int block = BlockScale.get(source, at + BLOCK_SIZE_OFFSET);
    if (block < HALF || block > 4 * GROUP || Integer.bitCount(block) != 1) {
      throw corrupt(
          BLOCK_SIZE_OFFSET, "expected a block size of " + BLOCK_SIZES + ", found " + block);
    }
    int reserved = BlockScale.get(source, at + RESERVED_OFFSET);
    if (reserved != 0) {
      throw corrupt(RESERVED_OFFSET, "expected reserved bytes to be 0, found " + reserved);
    }
    long expected = codesOffset(count, block) + codesLength(count);
    if (length != expected) {
      throw corrupt(
          Math.min(length, expected),
          "expected " + expected + " bytes for " + count + " values, found " + length);
    }
    checkScales(source, at, blocks(count, block));
    checkUnusedBits(source, at, length, count % GROUP);
    return block;
  }

  private void checkUnusedBits(byte[] source, int at, int length, int last) {
    int end = length;
    for (int width = 1; width <= Byte.SIZE; width <<= 1) {
      int bytes = planeBytes(last, codeBits & width);
      end -= bytes;
      for (int i = last; i < bytes * Byte.SIZE / width; i++) {
        int offset = end + i % bytes;
        if ((source[at + offset] >>> width * (i / bytes) & (1 << width) - 1) != 0) {
          throw corrupt(offset, "expected bits that belong to no value to be 0");
        }
      }
    }
  }

  private void checkScales(byte[] source, int at, int blocks) {
    int i = 0;
    while (i + 4 <= blocks && scale.acceptsFour(source, at + SCALES_OFFSET + SCALE_BYTES * i)) {
      i += 4;
    }
    for (; i < blocks; i++) {
      int offset = SCALES_OFFSET + SCALE_BYTES * i;
      int found = BlockScale.get(source, at + offset);
      if (!scale.accepts(found)) {
        throw corrupt(
            offset,
            String.format(
                Locale.ROOT,
                "expected a scale of 0 or a bf16 number from 0x0080 to 0x%04x, found 0x%04x",
                scale.largest(),
                found));
      }
    }
  }

  private MalformedInputException corrupt(long offset, String expectation) {
    return new MalformedInputException(
        ErrorCode.CORRUPT_PAYLOAD, codec + " payload", offset, expectation);
  }
}
