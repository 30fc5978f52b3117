package io.tributary.store;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Float arrays in durable files: big-endian bit patterns, in slabs, so that no second copy of a
 * large tensor is made.
 */
public final class FloatArrays {
  private static final int SLAB_ELEMENTS = 16 * 1024;

  private FloatArrays() {}

  /** Writes all elements, without their number. */
  public static void write(DataOutput out, float[] values) throws IOException {
    ByteBuffer slab = ByteBuffer.allocate(Math.min(values.length, SLAB_ELEMENTS) * Float.BYTES);
    for (int at = 0; at < values.length; at += SLAB_ELEMENTS) {
      int count = Math.min(SLAB_ELEMENTS, values.length - at);
      slab.asFloatBuffer().put(values, at, count);
      out.write(slab.array(), 0, count * Float.BYTES);
    }
  }

  /** Fills the whole array with what {@link #write} wrote. */
  public static void read(DataInput in, float[] into) throws IOException {
    ByteBuffer slab = ByteBuffer.allocate(Math.min(into.length, SLAB_ELEMENTS) * Float.BYTES);
    for (int at = 0; at < into.length; at += SLAB_ELEMENTS) {
      int count = Math.min(SLAB_ELEMENTS, into.length - at);
      in.readFully(slab.array(), 0, count * Float.BYTES);
      slab.asFloatBuffer().get(into, at, count);
    }
  }
}
