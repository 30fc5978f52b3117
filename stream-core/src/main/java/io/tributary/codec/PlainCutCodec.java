package io.tributary.codec;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Both ends of a cut with a codec that learns nothing: a message is its number and the number of
 * its rows, 32 bits each and little endian, then the payload of all rows in order.
 */
final class PlainCutCodec implements LearnedCodec, LearnedPeer {
  private static final byte[] NOTHING = {};
  private static final int HEADER_BYTES = 8;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final TensorCodec codec;
  private final CutPlan plan;

  PlainCutCodec(TensorCodec codec, CutPlan plan) {
    this.codec = codec;
    this.plan = plan;
  }

  @Override
  public CodecId id() {
    return codec.id();
  }

  @Override
  public int maxEncodedLength(int rows) {
    return Math.addExact(HEADER_BYTES, codec.maxEncodedLength(plan.values(rows)));
  }

  @Override
  public int maxGradientLength(int rows) {
    return maxEncodedLength(rows);
  }

  @Override
  public byte[] takeTable() {
    return NOTHING;
  }

  @Override
  public byte[] answer(byte[] request) {
    throw new TributaryException(
        ErrorCode.UNKNOWN_TABLE, "request for a table: expected none, " + id() + " has no tables");
  }

  @Override
  public void acceptTable(byte[] source, int at, int length) {
    throw corrupt(0, "expected no table, " + id() + " has none");
  }

  @Override
  public byte[] request(int version) {
    return NOTHING;
  }

  @Override
  public int encode(CutRows rows, float[] source, int from, byte[] target, int at) {
    Objects.checkFromIndexSize(at, maxEncodedLength(rows.count()), target.length);
    int length = codec.encode(source, from, plan.values(rows.count()), target, at + HEADER_BYTES);
    INT.set(target, at, rows.message());
    INT.set(target, at + Integer.BYTES, rows.count());
    return HEADER_BYTES + length;
  }

  @Override
  public int encodeGradient(CutRows rows, float[] source, int from, byte[] target, int at) {
    return encode(rows, source, from, target, at);
  }

  @Override
  public CutRows decode(byte[] source, int at, int length, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    if (length < HEADER_BYTES) {
      throw corrupt(length, "expected at least " + HEADER_BYTES + " bytes, found " + length);
    }
    int message = (int) INT.get(source, at);
    int rows = (int) INT.get(source, at + Integer.BYTES);
    if (message < 0 || rows < 0 || rows > plan.maxRows()) {
      throw corrupt(
          0,
          "expected a message of at most "
              + plan.maxRows()
              + " rows, found "
              + rows
              + " rows of message "
              + message);
    }
    codec.decode(source, at + HEADER_BYTES, length - HEADER_BYTES, plan.values(rows), target, from);
    return CutRows.ordinary(message, rows);
  }

  @Override
  public void decodeGradient(
      CutRows rows, byte[] source, int at, int length, float[] target, int from) {
    CutRows found = decode(source, at, length, target, from);
    if (found.message() != rows.message() || found.count() != rows.count()) {
      throw corrupt(
          0,
          "expected gradients of message "
              + rows.message()
              + ", found those of message "
              + found.message());
    }
  }

  @Override
  public void feedback(
      CutRows rows, float[] activations, int from, float[] gradients, int gradientsFrom) {}

  @Override
  public void abandon(CutRows rows) {}

  @Override
  public void update() {}

  @Override
  public float[] bits() {
    var bits = new float[plan.channels()];
    Arrays.fill(bits, (float) codec.bitsPerElement(plan.values(plan.maxRows())));
    return bits;
  }

  @Override
  public void save(DataOutput out) {}

  @Override
  public void restore(DataInput in) {}

  @Override
  public void close() {}

  private static MalformedInputException corrupt(long offset, String expectation) {
    return new MalformedInputException(
        ErrorCode.CORRUPT_PAYLOAD, "message across a cut", offset, expectation);
  }
}
