package io.tributary.file;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.tensor.RowMatrix;
import java.util.Objects;

/** A tensor's rows where they lie in a file, as blocks one after the other. Safe for any thread. */
public final class MappedRows implements RowMatrix {
  private static final int MOST_BYTES_AT_ONCE = 1 << 16;
  private static final int LONGEST_ROW = Integer.MAX_VALUE - 8;

  private final MappedBytes file;
  private final long begin;
  private final ValueBlocks blocks;
  private final long rows;
  private final int width;

  /**
   * The rows of a tensor that lies inside the file.
   *
   * @param begin its first byte
   * @throws TributaryException {@code STORAGE} if it is empty, its rows are longer than an array,
   *     or they aren't whole blocks
   */
  public MappedRows(MappedBytes file, WeightTensor tensor, long begin, ValueBlocks blocks) {
    long values = tensor.width();
    if (tensor.elements() == 0 || values > LONGEST_ROW) {
      throw unreadable(file, tensor, "rows of 1 to " + LONGEST_ROW + " values");
    }
    if (values % blocks.blockValues() != 0) {
      throw unreadable(file, tensor, "rows of a multiple of " + blocks.blockValues() + " values");
    }
    this.file = file;
    this.begin = begin;
    this.blocks = blocks;
    width = (int) values;
    rows = tensor.elements() / values;
  }

  private static TributaryException unreadable(
      MappedBytes file, WeightTensor tensor, String expected) {
    return new TributaryException(
        ErrorCode.STORAGE,
        file.path()
            + ", tensor "
            + tensor.name()
            + ": expected "
            + expected
            + ", found shape "
            + tensor.shape());
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public void read(long first, int count, float[] target, int at) {
    Objects.checkFromIndexSize(first, count, rows);
    int size = Math.multiplyExact(count, width);
    Objects.checkFromIndexSize(at, size, target.length);
    long from = begin + first * (width / blocks.blockValues()) * blocks.blockBytes();
    int left = size / blocks.blockValues();
    int atOnce = Math.max(1, Math.min(left, MOST_BYTES_AT_ONCE / blocks.blockBytes()));
    var bytes = new byte[atOnce * blocks.blockBytes()];
    for (int to = at; left > 0; left -= atOnce) {
      int part = Math.min(left, atOnce);
      file.read(from, bytes, 0, part * blocks.blockBytes());
      blocks.decode(bytes, 0, part, target, to);
      from += (long) part * blocks.blockBytes();
      to += part * blocks.blockValues();
    }
  }
}
