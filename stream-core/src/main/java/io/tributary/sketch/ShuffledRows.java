package io.tributary.sketch;

import io.tributary.error.Errors;
import io.tributary.tensor.RowMatrix;
import java.util.SplittableRandom;

/**
 * The rows of a matrix in random order, each once, with bounded memory.
 *
 * <p>Up to 2^20 rows, every order is equally likely. If there are more, the matrix is cut into as
 * many blocks of rows that follow each other, and every order of the blocks is equally likely;
 * their rows go through a buffer, from which they leave at random, each making place for the next
 * one, so that the rows of a block leave at a mean distance of as many rows as the buffer holds.
 * The same seed gives the same order.
 *
 * <p>Rows are read one at a time from all over the source: good for memory, for mapped files that
 * fit into it, and for disks without moving heads. For one thread at a time.
 */
public final class ShuffledRows {
  private static final int MOST_BLOCKS = 1 << 20;
  private static final int LEAST_ROWS = 16;

  private final RowMatrix source;
  private final int width;
  private final SplittableRandom random;
  private final long blockRows;
  private final int[] order;
  private final float[] buffer;
  private int blocksRead;
  private long rowOfBlock;
  private int held;
  private long left;

  /**
   * A new order of a matrix's rows.
   *
   * @param bufferBytes the most bytes of rows that may wait to be handed out; room for at least 16
   *     rows. The order of blocks takes up to 4 MiB more.
   */
  public ShuffledRows(RowMatrix source, long seed, int bufferBytes) {
    this.source = source;
    this.width = source.width();
    this.random = new SplittableRandom(seed);
    int room = bufferBytes / (Float.BYTES * width);
    if (room < LEAST_ROWS) {
      throw Errors.invalidSetting(
          "buffer of shuffled rows",
          bufferBytes,
          "at least " + (long) LEAST_ROWS * Float.BYTES * width + " bytes");
    }
    left = source.rows();
    blockRows = Math.max(1, (left + MOST_BLOCKS - 1) / MOST_BLOCKS);
    order = permutation((int) ((left + blockRows - 1) / blockRows));
    // Blocks of one row are in random order as they come.
    held = (int) Math.min(blockRows == 1 ? 1 : room, left);
    buffer = new float[held * width];
    for (int i = 0; i < held; i++) {
      readNext(i);
    }
  }

  private int[] permutation(int size) {
    var permutation = new int[size];
    for (int i = 0; i < size; i++) {
      int other = random.nextInt(i + 1);
      permutation[i] = permutation[other];
      permutation[other] = i;
    }
    return permutation;
  }

  /** Reads the next row of the blocks' order into a place of the buffer; false after the last. */
  private boolean readNext(int place) {
    if (blocksRead == order.length) {
      return false;
    }
    long first = order[blocksRead] * blockRows;
    source.read(first + rowOfBlock, 1, buffer, place * width);
    rowOfBlock++;
    if (rowOfBlock == Math.min(blockRows, source.rows() - first)) {
      rowOfBlock = 0;
      blocksRead++;
    }
    return true;
  }

  /** The rows that were not handed out yet. */
  public long left() {
    return left;
  }

  /**
   * Hands out the next rows.
   *
   * @param target where they go, from its beginning
   * @param most how many, at most
   * @return how many; 0 after the last one
   */
  public int next(float[] target, int most) {
    int count = (int) Math.min(most, left);
    for (int i = 0; i < count; i++) {
      int place = random.nextInt(held);
      System.arraycopy(buffer, place * width, target, i * width, width);
      if (!readNext(place)) {
        held--;
        System.arraycopy(buffer, held * width, buffer, place * width, width);
      }
    }
    left -= count;
    return count;
  }
}
