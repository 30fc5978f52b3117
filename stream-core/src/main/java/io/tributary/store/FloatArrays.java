package io.tributary.store;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Float arrays in durable files: big-endian bit patterns, in slabs, so that no second copy of a
 * large tensor is made.
 */
public final class FloatArrays {
  private static final int SLAB_ELEMENTS = 16 * 1024;

  private FloatArrays() {}

  /** Where floats come from that are no array. */
  @FunctionalInterface
  public interface Source {
    /** Copies {@code count} values, from {@code first} on, to where an array begins. */
    void read(int first, float[] into, int count);
  }

  /** Where floats go that become no array. */
  @FunctionalInterface
  public interface Target {
    /** Takes the first {@code count} values of an array, which are {@code first} and following. */
    void write(int first, float[] from, int count);
  }

  /** Writes all elements, without their number. */
  public static void write(DataOutput out, float[] values) throws IOException {
    write(
        out,
        values.length,
        (first, into, count) -> System.arraycopy(values, first, into, 0, count));
  }

  /** Writes {@code elements} values, slab by slab. */
  public static void write(DataOutput out, int elements, Source values) throws IOException {
    int most = Math.min(elements, SLAB_ELEMENTS);
    ByteBuffer slab = ByteBuffer.allocate(most * Float.BYTES);
    FloatBuffer slabValues = slab.asFloatBuffer();
    var some = new float[most];
    for (int at = 0; at < elements; at += SLAB_ELEMENTS) {
      int count = Math.min(SLAB_ELEMENTS, elements - at);
      values.read(at, some, count);
      slabValues.put(0, some, 0, count);
      out.write(slab.array(), 0, count * Float.BYTES);
    }
  }

  /** Fills the whole array with what {@link #write} wrote. */
  public static void read(DataInput in, float[] into) throws IOException {
    read(in, into.length, (first, from, count) -> System.arraycopy(from, 0, into, first, count));
  }

  /** Reads {@code elements} values that {@link #write} wrote, slab by slab. */
  public static void read(DataInput in, int elements, Target values) throws IOException {
    int most = Math.min(elements, SLAB_ELEMENTS);
    ByteBuffer slab = ByteBuffer.allocate(most * Float.BYTES);
    FloatBuffer slabValues = slab.asFloatBuffer();
    var some = new float[most];
    for (int at = 0; at < elements; at += SLAB_ELEMENTS) {
      int count = Math.min(SLAB_ELEMENTS, elements - at);
      in.readFully(slab.array(), 0, count * Float.BYTES);
      slabValues.get(0, some, 0, count);
      values.write(at, some, count);
    }
  }
}
