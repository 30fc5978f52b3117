package io.tributary.run;

import io.tributary.tensor.InitialValues;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The outer parameters of a model, θ: what every process of a run holds in the same bits. They
 * change only by a {@link FragmentUpdate}, one float32 subtraction an element, so equal changes
 * keep them equal.
 *
 * <p>Used by one thread at a time.
 */
public final class OuterParameters {
  private static final int SLAB_BYTES = 64 * 1024;

  private static final int SLAB_FLOATS = SLAB_BYTES / Float.BYTES;

  private final ModelSchema schema;
  private final TensorValues values;

  private OuterParameters(ModelSchema schema, TensorValues values) {
    this.schema = schema;
    this.values = values;
  }

  /** The first values of a model from a seed, see {@link InitialValues}, on the heap. */
  public static OuterParameters initial(ModelSchema schema, long seed) {
    var values = new HeapValues(lengths(schema));
    for (int i = 0; i < schema.tensors().size(); i++) {
      InitialValues.fill(schema, i, seed, values.array(i), 0);
    }
    return new OuterParameters(schema, values);
  }

  /**
   * The same somewhere else.
   *
   * @param values as many arrays as the model has tensors, of the same lengths
   */
  public static OuterParameters initial(ModelSchema schema, long seed, TensorValues values) {
    for (int i = 0; i < schema.tensors().size(); i++) {
      var tensor = new float[schema.tensors().get(i).elements()];
      InitialValues.fill(schema, i, seed, tensor, 0);
      values.write(i, 0, tensor, 0, tensor.length);
    }
    return new OuterParameters(schema, values);
  }

  private static int[] lengths(ModelSchema schema) {
    return schema.tensors().stream().mapToInt(TensorSpec::elements).toArray();
  }

  /** The model. */
  public ModelSchema schema() {
    return schema;
  }

  /** The values of one tensor, to be read only: the array itself where they lie on the heap. */
  public float[] tensor(int index) {
    if (values instanceof HeapValues heap) {
      return heap.array(index);
    }
    var copy = new float[schema.tensors().get(index).elements()];
    values.read(index, 0, copy, 0, copy.length);
    return copy;
  }

  /** The values of a slice, to be read only. */
  public float[] slice(TensorSlice slice) {
    if (values instanceof HeapValues heap) {
      return slice.of(heap.array(slice.tensor()));
    }
    var copy = new float[slice.count()];
    values.read(slice.tensor(), slice.first(), copy, 0, copy.length);
    return copy;
  }

  /**
   * Copies {@code count} elements of one tensor, from {@code first} on, to where an array begins.
   */
  public void read(int index, int first, float[] into, int count) {
    values.read(index, first, into, 0, count);
  }

  /** The array of one tensor itself, to be changed, or null where they lie outside of the heap. */
  float @Nullable [] heapArray(int index) {
    return values instanceof HeapValues heap ? heap.array(index) : null;
  }

  /** Replaces {@code count} elements of one tensor, for a restored or downloaded state. */
  public void set(int index, int first, float[] from, int count) {
    values.write(index, first, from, 0, count);
  }

  /** CRC32C over the little-endian float32 bytes of a fragment's slices in order. */
  public int checksum(Fragment fragment) {
    var crc = new CRC32C();
    for (TensorSlice slice : fragment.slices()) {
      eachSlab(slice.tensor(), slice.first(), slice.count(), crc::update);
    }
    return (int) crc.getValue();
  }

  /**
   * SHA-256 over the little-endian float32 bytes of all tensors in order, 64 hexadecimal digits.
   */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int i = 0; i < schema.tensors().size(); i++) {
        eachSlab(i, 0, schema.tensors().get(i).elements(), digest::update);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void eachSlab(int tensor, int first, int elements, Consumer<ByteBuffer> sink) {
    ByteBuffer slab = ByteBuffer.allocate(SLAB_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    var part = new float[Math.min(SLAB_FLOATS, elements)];
    for (int at = 0; at < elements; at += SLAB_FLOATS) {
      int count = Math.min(SLAB_FLOATS, elements - at);
      values.read(tensor, first + at, part, 0, count);
      slab.clear();
      slab.asFloatBuffer().put(part, 0, count);
      slab.limit(count * Float.BYTES);
      sink.accept(slab);
    }
  }
}
