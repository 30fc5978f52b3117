package io.tributary.agent.trainer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Float arrays as little-endian bytes, bit for bit, in pieces that bound the memory used. */
public final class FloatArrays {
  private static final int PIECE = 16 * 1024;

  private FloatArrays() {}

  /** Writes all of {@code values}. */
  public static void write(float[] values, DataOutput out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += PIECE) {
      int count = Math.min(PIECE, values.length - at);
      bytes.asFloatBuffer().put(values, at, count);
      out.write(bytes.array(), 0, count * Float.BYTES);
    }
  }

  /** Fills all of {@code values}. */
  public static void read(float[] values, DataInput in) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += PIECE) {
      int count = Math.min(PIECE, values.length - at);
      in.readFully(bytes.array(), 0, count * Float.BYTES);
      bytes.asFloatBuffer().get(values, at, count);
    }
  }
}
