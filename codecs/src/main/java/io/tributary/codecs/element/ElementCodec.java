package io.tributary.codecs.element;

import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import java.util.Objects;

/**
 * The shell of every element codec: checks ranges and lengths and leaves the arithmetic to a
 * kernel. Stateless, safe for any thread.
 */
public final class ElementCodec implements TensorCodec {
  private final CodecId id;
  private final int elementBytes;
  private final ElementKernel kernel;

  /**
   * A codec.
   *
   * @param elementBytes the bytes of one encoded value
   */
  public ElementCodec(CodecId id, int elementBytes, ElementKernel kernel) {
    this.id = id;
    this.elementBytes = elementBytes;
    this.kernel = kernel;
  }

  @Override
  public CodecId id() {
    return id;
  }

  @Override
  public int blockElements() {
    return 1;
  }

  @Override
  public int maxEncodedLength(int elements) {
    return Math.multiplyExact(elements, elementBytes);
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    Objects.checkFromIndexSize(from, count, source.length);
    int length = maxEncodedLength(count);
    Objects.checkFromIndexSize(at, length, target.length);
    kernel.encode(source, from, count, target, at);
    return length;
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    kernel.decode(source, at, count, target, from);
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    check(source, at, length, count, target, from);
    kernel.accumulate(source, at, count, target, from);
  }

  @Override
  public boolean provesFinite(byte[] source, int at, int length, int count) {
    check(source, at, length, count);
    return kernel.provesFinite(source, at, count);
  }

  private void check(byte[] source, int at, int length, int count, float[] target, int from) {
    Objects.checkFromIndexSize(from, count, target.length);
    check(source, at, length, count);
  }

  private void check(byte[] source, int at, int length, int count) {
    Objects.checkFromIndexSize(at, length, source.length);
    long expected = (long) elementBytes * count;
    if (length != expected) {
      throw new MalformedInputException(
          ErrorCode.CORRUPT_PAYLOAD,
          id + " payload",
          Math.min(length, expected),
          "expected " + expected + " bytes for " + count + " values, found " + length);
    }
  }
}
