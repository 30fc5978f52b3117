package io.tributary.coordinator.guard;

import io.tributary.codec.CodecRegistry;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.run.TensorSlice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/**
 * Walks through contributions to one fragment side by side, decoded, in one pass. Agents may have
 * cut their contributions into chunks of other lengths: what is handed out ends where the first of
 * the present chunks ends. Memory is one decoded chunk for each contribution.
 *
 * <p>Used by one thread at a time.
 */
public final class AlignedChunks {
  private final List<List<RunRecord.Chunk>> contributions;
  private final CodecRegistry codecs;
  private final Function<RunRecord.Chunk, ByteBuffer> bytes;
  private final float[][] decoded;
  private final int[] next;
  private final int[] used;
  private final int[] held;

  /** Is given the same elements of all contributions. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes some elements.
     *
     * @param at where they begin in the slice
     * @param count how many
     * @param values those of each contribution; valid until the call returns
     * @param from where the elements begin in each of them
     */
    void visit(int at, int count, float[][] values, int[] from);
  }

  /**
   * A walk that has not begun.
   *
   * @param contributions chunks that cover the fragment in order, contributions in participant
   *     order
   * @param bytes gives a chunk's encoded bytes as an array-backed buffer
   */
  public AlignedChunks(
      List<List<RunRecord.Chunk>> contributions,
      CodecRegistry codecs,
      Function<RunRecord.Chunk, ByteBuffer> bytes) {
    this.contributions = List.copyOf(contributions);
    this.codecs = codecs;
    this.bytes = bytes;
    decoded = new float[contributions.size()][0];
    next = new int[contributions.size()];
    used = new int[contributions.size()];
    held = new int[contributions.size()];
  }

  /** Visits a slice of the fragment, whose slices are walked in their order, each once. */
  public void forEach(TensorSlice slice, Visitor visitor) {
    for (int at = 0; at < slice.count(); ) {
      int count = slice.count() - at;
      for (int i = 0; i < decoded.length; i++) {
        if (used[i] == held[i]) {
          decodeNext(i, slice, at);
        }
        count = Math.min(count, held[i] - used[i]);
      }
      visitor.visit(at, count, decoded, used);
      for (int i = 0; i < used.length; i++) {
        used[i] += count;
      }
      at += count;
    }
  }

  private void decodeNext(int contribution, TensorSlice slice, int at) {
    RunRecord.Chunk chunk = contributions.get(contribution).get(next[contribution]++);
    if (!slice.covers(chunk.tensor(), chunk.first(), chunk.count())
        || chunk.first() != slice.first() + at) {
      throw new IllegalStateException("chunk " + chunk + " doesn't follow the one before it");
    }
    if (decoded[contribution].length < chunk.count()) {
      decoded[contribution] = new float[chunk.count()];
    }
    ByteBuffer encoded = bytes.apply(chunk);
    codecs
        .forDecoding(chunk.codec(), chunk.codecVersion())
        .decode(
            encoded.array(),
            encoded.arrayOffset() + encoded.position(),
            encoded.remaining(),
            chunk.count(),
            decoded[contribution],
            0);
    used[contribution] = 0;
    held[contribution] = chunk.count();
  }
}
