package io.tributary.flow;

import io.tributary.codec.CodecId;
import io.tributary.codec.CodecSession;
import io.tributary.codec.TensorCodec;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A codec for tests: floats as they are, little endian; NaN is refused. */
final class PlainFloatCodec implements TensorCodec, CodecSession {
  static final CodecId ID = new CodecId(0x8001, "plaintest", 3, 2);

  @Override
  public CodecId id() {
    return ID;
  }

  @Override
  public TensorCodec codec() {
    return this;
  }

  @Override
  public int blockElements() {
    return 1;
  }

  @Override
  public int maxEncodedLength(int elements) {
    return Float.BYTES * elements;
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    ByteBuffer out =
        ByteBuffer.wrap(target, at, Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      if (Float.isNaN(source[from + i])) {
        throw new TributaryException(ErrorCode.NON_FINITE, "element " + i);
      }
      out.putFloat(source[from + i]);
    }
    return Float.BYTES * count;
  }

  @Override
  public int encode(int first, float[] source, int from, int count, byte[] target, int at) {
    return encode(source, from, count, target, at);
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    if (length != Float.BYTES * count) {
      throw new TributaryException(
          ErrorCode.CORRUPT_PAYLOAD, "expected " + Float.BYTES * count + " bytes, found " + length);
    }
    ByteBuffer in = ByteBuffer.wrap(source, at, length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      target[from + i] = in.getFloat();
    }
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    throw new UnsupportedOperationException("no test needs it");
  }

  @Override
  public void save(DataOutput out) {}

  @Override
  public void restore(DataInput in) {}
}
