package io.tributary.codecs.ecq;

import io.tributary.codec.CodecId;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The constants of the format that the package page draws. */
final class EcqLayout {
  static final CodecId ID = new CodecId(0x0030, "ecq", 1, 1);

  /** The values whose table is chosen together. */
  static final int BLOCK = 64;

  static final int BLOCK_SHIFT = 6;

  /** The most tables of a chunk. */
  static final int MAX_CLASSES = 4;

  /** Codes lie from {@code -MAX_CODE} to {@code MAX_CODE}; others are exceptions. */
  static final int MAX_CODE = 126;

  /** Size of an array that is indexed by code, and where code 0 stands in it. */
  static final int ALPHABET = 256;

  static final int ZERO = 128;

  /** A table's frequencies add up to {@code 1 << FREQUENCY_BITS}. */
  static final int FREQUENCY_BITS = 12;

  static final int FREQUENCY_SUM = 1 << FREQUENCY_BITS;

  /** The first byte of a payload: what form the others have. */
  static final int FORM_ZEROS = 0;

  static final int FORM_FEW_STREAMS = 1;
  static final int FORM_RAW = 2;
  static final int FORM_MANY_STREAMS = 3;

  static final int SHIFT_OFFSET = 1;
  static final int CLASSES_OFFSET = 2;
  static final int POINTS_OFFSET = 3;
  static final int STEP_OFFSET = POINTS_OFFSET + EcqPlan.POINTS;
  static final int SIDE_LENGTH_OFFSET = STEP_OFFSET + Float.BYTES;
  static final int HEADER_BYTES = SIDE_LENGTH_OFFSET + 3;
  static final int MAX_SIDE_LENGTH = 0xFF_FFFF;

  /** The most low bits that a code leaves to the plane of low bits. */
  static final int MAX_SHIFT = 12;

  /** Steps and their reciprocals are normal numbers with room for every code. */
  static final float SMALLEST_STEP = 0x1p-100f;

  static final float LARGEST_STEP = 0x1p100f;

  /** Codes with their low bits stay below it, so that they are exact as float32. */
  private static final int CODES = 1 << 22;

  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private EcqLayout() {}

  /** How far beyond the tables an exception's code may lie; others travel as float32. */
  static int mostAbove(int shift) {
    return (CODES >> shift) - 2 * MAX_CODE;
  }

  /** The blocks of a chunk, the last of which may be short. */
  static int blocks(int count) {
    return count / BLOCK + (count % BLOCK == 0 ? 0 : 1);
  }

  static MalformedInputException corrupt(long offset, String expectation) {
    return new MalformedInputException(
        ErrorCode.CORRUPT_PAYLOAD, "ecq payload", offset, expectation);
  }
}
