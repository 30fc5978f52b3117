package io.tributary.codec;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Error feedback around any codec: what one round's rounding lost is added to the next round's
 * values, so that it arrives late instead of never.
 *
 * <pre>
 *   s = x + b r          sent: encode(s)
 *   r = s - decode(sent)
 * </pre>
 *
 * <p>With b = 1 nothing is lost for good; with less, what couldn't be sent for long fades, as
 * SparseLoCo has it (Sarfi et al., arXiv 2508.15706).
 *
 * <p>First described for one-bit gradients by Seide et al. (2014), "1-bit stochastic gradient
 * descent and its application to data-parallel distributed training of speech DNNs"; convergence
 * for any contractive compressor by Karimireddy et al. (2019), "Error feedback fixes SignSGD and
 * other gradient compression schemes".
 *
 * <p>The residual {@code r} takes 4 bytes per element of the tensor. It is left alone when encoding
 * fails. Where {@code s - decode(sent)} isn't finite, because a codec that passes NaN and infinity
 * through met one, the residual becomes zero: a lost value must not spoil all later ones.
 */
final class ErrorFeedbackSession implements CodecSession {
  private static final int BYTES_AT_ONCE = 8192;

  private final Supplier<TensorCodec> codec;
  private final float share;
  private final float[] residual;
  private float[] sum = new float[0];
  private float[] decoded = new float[0];

  /**
   * A session with an empty residual.
   *
   * @param codec the codec of the moment; it may change between two rounds
   * @param share of the residual that the next round brings, above 0, at most 1
   * @param elements the number of elements of the tensor, 0 or more
   */
  ErrorFeedbackSession(Supplier<TensorCodec> codec, float share, int elements) {
    this.codec = codec;
    this.share = share;
    this.residual = new float[elements];
  }

  @Override
  public TensorCodec codec() {
    return codec.get();
  }

  @Override
  public int encode(int first, float[] source, int from, int count, byte[] target, int at) {
    Objects.checkFromIndexSize(first, count, residual.length);
    Objects.checkFromIndexSize(from, count, source.length);
    if (sum.length < count) {
      sum = new float[count];
      decoded = new float[count];
    }
    for (int i = 0; i < count; i++) {
      sum[i] = source[from + i] + share * residual[first + i];
    }
    TensorCodec now = codec.get();
    int length = now.encode(sum, 0, count, target, at);
    now.decode(target, at, length, count, decoded, 0);
    for (int i = 0; i < count; i++) {
      float lost = sum[i] - decoded[i];
      residual[first + i] = Math.abs(lost) <= Float.MAX_VALUE ? lost : 0f;
    }
    return length;
  }

  /** Writes the number of elements and the residual's bits, both big endian. */
  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(residual.length);
    var bytes = new byte[BYTES_AT_ONCE];
    var floats = ByteBuffer.wrap(bytes).asFloatBuffer();
    for (int done = 0; done < residual.length; ) {
      int now = Math.min(floats.capacity(), residual.length - done);
      floats.put(0, residual, done, now);
      out.write(bytes, 0, now * Float.BYTES);
      done += now;
    }
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int saved = in.readInt();
    if (saved != residual.length) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "saved residual of a "
              + codec.get().id()
              + " session: expected "
              + residual.length
              + " elements, found "
              + saved);
    }
    var bytes = new byte[BYTES_AT_ONCE];
    var floats = ByteBuffer.wrap(bytes).asFloatBuffer();
    for (int done = 0; done < saved; ) {
      int now = Math.min(floats.capacity(), saved - done);
      in.readFully(bytes, 0, now * Float.BYTES);
      floats.get(0, residual, done, now);
      done += now;
    }
  }
}
