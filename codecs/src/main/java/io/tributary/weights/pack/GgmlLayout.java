package io.tributary.weights.pack;

import io.tributary.file.ValueBlocks;
import io.tributary.file.gguf.GgmlType;
import io.tributary.weights.PartText;

/**
 * {@code ggml,type=q4_k}: rows of one of ggml's block types that can be read, as they lie in GGUF.
 *
 * @param type of the blocks
 */
public record GgmlLayout(GgmlType type) implements RowLayout {
  /** The layout's name. */
  public static final String NAME = "ggml";

  /** Checks that the type can be read. */
  public GgmlLayout {
    if (type.blocks().isEmpty()) {
      throw new IllegalArgumentException(type + " can't be read");
    }
  }

  static GgmlLayout read(PartText text, int width) {
    GgmlType type = text.choice("type", GgmlType.F32);
    text.end();
    if (type.blocks().isEmpty()) {
      throw text.refused("a type that can be read");
    }
    if (width % type.blockValues() != 0) {
      throw text.refused("rows of whole blocks of " + type.blockValues() + ", not of " + width);
    }
    return new GgmlLayout(type);
  }

  @Override
  public long blockBytes(long rows, int width) {
    return rows * (width / type.blockValues()) * type.blockBytes();
  }

  @Override
  public void unpack(byte[] block, int rows, int width, float[] target, int at) {
    RowLayouts.checkLength(this, block.length, rows, width);
    ValueBlocks blocks = type.blocks().orElseThrow();
    blocks.decode(block, 0, rows * (width / type.blockValues()), target, at);
  }

  @Override
  public String toString() {
    return NAME + ",type=" + PartText.text(type);
  }
}
