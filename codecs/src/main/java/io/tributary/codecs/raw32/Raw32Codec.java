package io.tributary.codecs.raw32;

import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/** float32 values in little-endian bytes. Stateless, safe for any thread. */
final class Raw32Codec implements TensorCodec {
  static final CodecId ID = new CodecId(0x0001, "raw32", 1, 1);

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  @Override
  public CodecId id() {
    return ID;
  }

  @Override
  public int blockElements() {
    return 1;
  }

  @Override
  public int maxEncodedLength(int elements) {
    return Math.multiplyExact(elements, Float.BYTES);
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    Objects.checkFromIndexSize(from, count, source.length);
    int length = maxEncodedLength(count);
    Objects.checkFromIndexSize(at, length, target.length);
    for (int i = 0; i < count; i++) {
      INT.set(target, at + Float.BYTES * i, Float.floatToRawIntBits(source[from + i]));
    }
    return length;
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    for (int i = 0; i < count; i++) {
      target[from + i] = Float.intBitsToFloat((int) INT.get(source, at + Float.BYTES * i));
    }
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    for (int i = 0; i < count; i++) {
      target[from + i] += Float.intBitsToFloat((int) INT.get(source, at + Float.BYTES * i));
    }
  }

  private static void check(
      byte[] source, int at, int length, int count, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    Objects.checkFromIndexSize(from, count, target.length);
    if (length != (long) Float.BYTES * count) {
      throw new MalformedInputException(
          ErrorCode.CORRUPT_PAYLOAD,
          "raw32 payload",
          Math.min(length, (long) Float.BYTES * count),
          "expected "
              + (long) Float.BYTES * count
              + " bytes for "
              + count
              + " values, found "
              + length);
    }
  }
}
