package io.tributary.weights.pack;

/**
 * {@code plain,type=bf16}: each value as a number of one type and nothing else. Lossless where the
 * values are numbers of that type.
 *
 * @param type of the numbers
 */
public record PlainLayout(ScaleType type) implements RowLayout {
  /** The layout's name. */
  public static final String NAME = "plain";

  @Override
  public long blockBytes(long rows, int width) {
    return rows * width * type.bytes();
  }

  @Override
  public void unpack(byte[] block, int rows, int width, float[] target, int at) {
    RowLayouts.checkLength(this, block.length, rows, width);
    int bytes = type.bytes();
    for (int i = 0; i < rows * width; i++) {
      target[at + i] = type.get(block, i * bytes);
    }
  }

  /** Packs values. */
  public byte[] pack(float[] values, int from, int count) {
    int bytes = type.bytes();
    var block = new byte[count * bytes];
    for (int i = 0; i < count; i++) {
      type.put(values[from + i], block, i * bytes);
    }
    return block;
  }

  @Override
  public String toString() {
    return NAME + ",type=" + io.tributary.weights.PartText.text(type);
  }
}
