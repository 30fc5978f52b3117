package io.tributary.codecs.ecq;

import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.internal.NonFiniteValues;
import java.util.Objects;

/**
 * The shell of ecq: checks ranges and finds the thread's arrays. Safe for any thread; the arrays
 * that encoding and decoding need, 2.7 bytes a value of the largest chunk so far and 200 KiB,
 * belong to each thread that calls it, and nothing in them outlives a call.
 */
final class EcqCodec implements TensorCodec {
  private static final int INFINITY = 0x7F80_0000;
  private static final ThreadLocal<EcqEncoder> ENCODER = ThreadLocal.withInitial(EcqEncoder::new);
  private static final ThreadLocal<EcqDecoder> DECODER = ThreadLocal.withInitial(EcqDecoder::new);

  private final EcqTarget goal;
  private final EcqKernel kernel;

  EcqCodec(EcqTarget goal, EcqKernel kernel) {
    this.goal = goal;
    this.kernel = kernel;
  }

  @Override
  public CodecId id() {
    return EcqLayout.ID;
  }

  @Override
  public int blockElements() {
    return EcqLayout.BLOCK;
  }

  @Override
  public int maxEncodedLength(int elements) {
    return EcqEncoder.maxLength(elements);
  }

  @Override
  public double bitsPerElement(int elements) {
    return switch (goal.kind()) {
      case BITS -> goal.value();
      // Of normally distributed values: Shannon's bound and the quarter of a bit above it.
      case RELATIVE -> 0.25 - EcqLog2.of(goal.value());
      case ABSOLUTE -> TensorCodec.super.bitsPerElement(elements);
    };
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    Objects.checkFromIndexSize(from, count, source.length);
    Objects.checkFromIndexSize(at, maxEncodedLength(count), target.length);
    int largest = kernel.largestMagnitude(source, from, count);
    if (largest >= INFINITY) {
      throw NonFiniteValues.refuse(source, from, count, "ecq");
    }
    return ENCODER.get().encode(kernel, goal, largest, source, from, count, target, at);
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    Objects.checkFromIndexSize(from, count, target.length);
    DECODER.get().decode(kernel, source, at, length, count, target, from);
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    Objects.checkFromIndexSize(from, count, target.length);
    EcqDecoder decoder = DECODER.get();
    float[] values = decoder.values(count);
    decoder.decode(kernel, source, at, length, count, values, 0);
    kernel.add(values, count, target, from);
  }
}
