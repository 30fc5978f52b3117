package io.tributary.run;

import io.tributary.tensor.InitialValues;
import io.tributary.tensor.ModelSchema;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The outer parameters of a model, θ: what every process of a run holds in the same bits. They
 * change only by {@link #subtract}, one float32 subtraction an element, so equal changes keep them
 * equal.
 *
 * <p>Used by one thread at a time.
 */
public final class OuterParameters {
  private static final int SLAB_BYTES = 64 * 1024;

  private final ModelSchema schema;
  private final float[][] tensors;

  private OuterParameters(ModelSchema schema) {
    this.schema = schema;
    tensors = new float[schema.tensors().size()][];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = new float[schema.tensors().get(i).elements()];
    }
  }

  /** The first values of a model from a seed, see {@link InitialValues}. */
  public static OuterParameters initial(ModelSchema schema, long seed) {
    var parameters = new OuterParameters(schema);
    for (int i = 0; i < parameters.tensors.length; i++) {
      InitialValues.fill(schema, i, seed, parameters.tensors[i], 0);
    }
    return parameters;
  }

  /** The model. */
  public ModelSchema schema() {
    return schema;
  }

  /** The values of one tensor: the array itself, to be read only. */
  public float[] tensor(int index) {
    return tensors[index];
  }

  /** Replaces {@code count} elements of one tensor, for a restored or downloaded state. */
  public void set(int index, int first, float[] values, int count) {
    System.arraycopy(values, 0, tensors[index], first, count);
  }

  /** {@code θ[first + i] -= change[i]} for {@code count} elements of one tensor. */
  public void subtract(int index, int first, float[] change, int count) {
    float[] tensor = tensors[index];
    java.util.Objects.checkFromIndexSize(first, count, tensor.length);
    for (int i = 0; i < count; i++) {
      tensor[first + i] -= change[i];
    }
  }

  /** CRC32C over the little-endian float32 bytes of a fragment's slices in order. */
  public int checksum(Fragment fragment) {
    var crc = new CRC32C();
    ByteBuffer slab = slab();
    for (TensorSlice slice : fragment.slices()) {
      eachSlab(tensors[slice.tensor()], slice.first(), slice.count(), slab, crc::update);
    }
    return (int) crc.getValue();
  }

  /**
   * SHA-256 over the little-endian float32 bytes of all tensors in order, 64 hexadecimal digits.
   */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer slab = slab();
      for (float[] tensor : tensors) {
        eachSlab(tensor, 0, tensor.length, slab, digest::update);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static ByteBuffer slab() {
    return ByteBuffer.allocate(SLAB_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void eachSlab(
      float[] values, int first, int elements, ByteBuffer slab, Consumer<ByteBuffer> sink) {
    int end = first + elements;
    for (int at = first; at < end; at += SLAB_BYTES / Float.BYTES) {
      int count = Math.min(SLAB_BYTES / Float.BYTES, end - at);
      slab.clear();
      slab.asFloatBuffer().put(values, at, count);
      slab.limit(count * Float.BYTES);
      sink.accept(slab);
    }
  }
}
