package io.tributary.codecs.fp4;

import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.block.BlockScale;
import io.tributary.codecs.internal.NonFiniteValues;
import java.util.Objects;

/** The shell of both formats: ranges, checks and nvfp4's chunk scale. Safe for any thread. */
final class Fp4Codec implements TensorCodec {
  private final Fp4Format format;
  private final Fp4Kernel kernel;

  Fp4Codec(Fp4Format format, Fp4Kernel kernel) {
    this.format = format;
    this.kernel = kernel;
  }

  @Override
  public CodecId id() {
    return format.id();
  }

  @Override
  public int blockElements() {
    return format.block();
  }

  @Override
  public int maxEncodedLength(int elements) {
    return format.length(elements);
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    Objects.checkFromIndexSize(from, count, source.length);
    int length = format.length(count);
    Objects.checkFromIndexSize(at, length, target.length);
    int chunkScale = 0;
    if (format == Fp4Format.NVFP4) {
      chunkScale = Fp4Scales.CHUNK.of(kernel.largest(source, from, count));
      BlockScale.put(target, at, 0);
      BlockScale.put(target, at + Short.BYTES, chunkScale);
    }
    if (chunkScale == BlockScale.NON_FINITE
        || !kernel.encode(
            source,
            from,
            count,
            Fp4Scales.of(format, chunkScale),
            target,
            at + format.scalesOffset(),
            at + format.codesOffset(count))) {
      throw NonFiniteValues.refuse(source, from, count, format.id().name());
    }
    return length;
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    read(source, at, length, count, false, target, from);
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    read(source, at, length, count, true, target, from);
  }

  private void read(
      byte[] source, int at, int length, int count, boolean add, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    Objects.checkFromIndexSize(from, count, target.length);
    format.check(source, at, length, count);
    int chunkScale = format == Fp4Format.NVFP4 ? BlockScale.get(source, at + Short.BYTES) : 0;
    kernel.decode(
        source,
        at + format.scalesOffset(),
        at + format.codesOffset(count),
        count,
        Fp4Scales.of(format, chunkScale),
        add,
        target,
        from);
  }
}
