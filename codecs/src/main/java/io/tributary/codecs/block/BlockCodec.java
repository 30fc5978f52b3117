package io.tributary.codecs.block;

import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import java.util.Objects;

/**
 * The shell of every block codec: checks ranges and bytes, writes the header and leaves the
 * arithmetic to a kernel. Stateless, safe for any thread.
 */
public final class BlockCodec implements TensorCodec {
  private final CodecId id;
  private final BlockLayout layout;
  private final int block;
  private final BlockKernel kernel;

  /**
   * A codec.
   *
   * @param block the block size to encode with; what is decoded brings its own
   */
  public BlockCodec(CodecId id, BlockLayout layout, int block, BlockKernel kernel) {
    this.id = id;
    this.layout = layout;
    this.block = block;
    this.kernel = kernel;
  }

  @Override
  public CodecId id() {
    return id;
  }

  @Override
  public int blockElements() {
    return block;
  }

  @Override
  public int maxEncodedLength(int elements) {
    return layout.length(elements, block);
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    Objects.checkFromIndexSize(from, count, source.length);
    int length = layout.length(count, block);
    Objects.checkFromIndexSize(at, length, target.length);
    layout.putHeader(target, at, block);
    int scalesAt = at + BlockLayout.SCALES_OFFSET;
    int codesAt = at + BlockLayout.codesOffset(count, block);
    if (!kernel.encode(source, from, count, block, target, scalesAt, codesAt)) {
      throw BlockScale.nonFinite(source, from, count);
    }
    return length;
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    int found = check(source, at, length, count, target, from);
    int scalesAt = at + BlockLayout.SCALES_OFFSET;
    int codesAt = at + BlockLayout.codesOffset(count, found);
    kernel.decode(source, scalesAt, codesAt, count, found, target, from);
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    int found = check(source, at, length, count, target, from);
    int scalesAt = at + BlockLayout.SCALES_OFFSET;
    int codesAt = at + BlockLayout.codesOffset(count, found);
    kernel.accumulate(source, scalesAt, codesAt, count, found, target, from);
  }

  @Override
  public boolean provesFinite(byte[] source, int at, int length, int count) {
    Objects.checkFromIndexSize(at, length, source.length);
    int found = layout.check(source, at, length, count);
    return BlockScale.keepFinite(
        source, at + BlockLayout.SCALES_OFFSET, BlockLayout.blocks(count, found));
  }

  private int check(byte[] source, int at, int length, int count, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    Objects.checkFromIndexSize(from, count, target.length);
    return layout.check(source, at, length, count);
  }
}
