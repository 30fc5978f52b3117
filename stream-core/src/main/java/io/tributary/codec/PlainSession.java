package io.tributary.codec;

import java.io.DataInput;
import java.io.DataOutput;
import java.util.function.Supplier;

/** A session that remembers nothing: each chunk is encoded as it comes. */
final class PlainSession implements CodecSession {
  private final Supplier<TensorCodec> codec;

  PlainSession(Supplier<TensorCodec> codec) {
    this.codec = codec;
  }

  @Override
  public TensorCodec codec() {
    return codec.get();
  }

  @Override
  public int encode(int first, float[] source, int from, int count, byte[] target, int at) {
    return codec.get().encode(source, from, count, target, at);
  }

  @Override
  public void save(DataOutput out) {}

  @Override
  public void restore(DataInput in) {}
}
