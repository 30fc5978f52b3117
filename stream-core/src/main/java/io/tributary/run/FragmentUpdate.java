package io.tributary.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * One fragment's way from a version to the next: subtracts a change from θ part by part, and knows
 * the checksum at its end. As long as parts come in the fragment's order, it is taken of what was
 * just written and still lies in the processor's cache; θ isn't read again for it.
 *
 * <p>Used by one thread at a time. Updates of several fragments may go on at the same time on
 * threads of their own, since no two fragments share an element.
 */
public final class FragmentUpdate {
  private static final int SLAB_FLOATS = 16 * 1024;

  private final OuterParameters theta;
  private final Fragment fragment;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer slab =
      ByteBuffer.allocate(SLAB_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final FloatBuffer slabValues = slab.asFloatBuffer();
  private float[] scratch = new float[0];

  /** The slice whose elements come next, and how many of them have come. */
  private int slice;

  private int done;
  private boolean inOrder = true;

  /** An update of which nothing has come. */
  public FragmentUpdate(OuterParameters theta, Fragment fragment) {
    this.theta = theta;
    this.fragment = fragment;
  }

  /**
   * {@code θ[first + i] -= change[i]} for {@code count} elements of one tensor.
   *
   * @throws IndexOutOfBoundsException if the tensor has fewer elements
   */
  public void subtract(int tensor, int first, float[] change, int count) {
    Objects.checkFromIndexSize(first, count, theta.schema().tensors().get(tensor).elements());
    float[] at = theta.heapArray(tensor);
    if (at != null) {
      subtract(at, first, change, count);
      check(tensor, first, at, first, count);
      return;
    }
    if (scratch.length < count) {
      scratch = new float[count];
    }
    theta.read(tensor, first, scratch, count);
    subtract(scratch, 0, change, count);
    theta.set(tensor, first, scratch, count);
    check(tensor, first, scratch, 0, count);
  }

  private static void subtract(float[] from, int first, float[] change, int count) {
    for (int i = 0; i < count; i++) {
      from[first + i] -= change[i];
    }
  }

  private void check(int tensor, int first, float[] values, int from, int count) {
    List<TensorSlice> slices = fragment.slices();
    inOrder =
        inOrder
            && slice < slices.size()
            && slices.get(slice).covers(tensor, first, count)
            && first == slices.get(slice).first() + done;
    if (!inOrder) {
      return;
    }
    for (int at = 0; at < count; at += SLAB_FLOATS) {
      int some = Math.min(SLAB_FLOATS, count - at);
      slabValues.put(0, values, from + at, some);
      crc.update(slab.array(), 0, some * Float.BYTES);
    }
    done += count;
    if (done == slices.get(slice).count()) {
      slice++;
      done = 0;
    }
  }

  /** {@link OuterParameters#checksum} of the fragment with what has been subtracted so far. */
  public int checksum() {
    return inOrder && slice == fragment.slices().size()
        ? (int) crc.getValue()
        : theta.checksum(fragment);
  }
}
