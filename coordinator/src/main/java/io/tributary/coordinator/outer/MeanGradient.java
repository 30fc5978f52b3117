package io.tributary.coordinator.outer;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.run.TensorSlice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/**
 * The mean of the contributions to a fragment, see {@link FragmentOuterStep} for its arithmetic.
 * Slices are asked for in their order, each once: chunk by chunk where all contributions have
 * chunks that begin and end alike, so that the sum stays in a processor's cache, or as a whole.
 *
 * <p>Used by one thread at a time.
 */
final class MeanGradient {
  private final List<WeightedContribution> contributions;
  private final CodecRegistry codecs;
  private final Function<RunRecord.Chunk, ByteBuffer> bytes;
  private final float[] weights;

  /** What the sum is multiplied by. */
  private final float share;

  /** The index of each contribution's next chunk. */
  private final int[] next;

  private float[] decoded = new float[0];

  /** A mean of which nothing has been asked for; {@code bytes} gives a chunk's encoded bytes. */
  MeanGradient(
      List<WeightedContribution> contributions,
      CodecRegistry codecs,
      Function<RunRecord.Chunk, ByteBuffer> bytes) {
    this.contributions = contributions;
    this.codecs = codecs;
    this.bytes = bytes;
    boolean equal =
        contributions.stream().mapToLong(WeightedContribution::tokens).distinct().count() == 1;
    double tokens = contributions.stream().mapToDouble(WeightedContribution::tokens).sum();
    weights = new float[contributions.size()];
    for (int i = 0; i < weights.length; i++) {
      WeightedContribution contribution = contributions.get(i);
      weights[i] = contribution.scale() * (equal ? 1 : (float) (contribution.tokens() / tokens));
    }
    share = equal ? 1f / weights.length : 1;
    next = new int[weights.length];
  }

  /** Whether every contribution has the next slice in chunks of {@code elements}. */
  boolean comesInChunksOf(int elements, TensorSlice slice) {
    for (int i = 0; i < next.length; i++) {
      List<RunRecord.Chunk> chunks = contributions.get(i).chunks();
      for (int at = 0, c = next[i]; at < slice.count(); at += elements, c++) {
        RunRecord.Chunk chunk = chunks.get(c);
        if (chunk.tensor() != slice.tensor()
            || chunk.first() != slice.first() + at
            || chunk.count() != Math.min(elements, slice.count() - at)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The mean of the next chunk, into zeros of its length. */
  void nextChunk(float[] sum) {
    for (int i = 0; i < next.length; i++) {
      add(contributions.get(i).chunks().get(next[i]++), 0, weights[i], sum);
    }
    divide(sum);
  }

  /** The mean of a whole slice, however it was cut. */
  float[] of(TensorSlice slice) {
    var sum = new float[slice.count()];
    for (int i = 0; i < next.length; i++) {
      List<RunRecord.Chunk> chunks = contributions.get(i).chunks();
      while (next[i] < chunks.size()) {
        RunRecord.Chunk chunk = chunks.get(next[i]);
        if (!slice.covers(chunk.tensor(), chunk.first(), chunk.count())) {
          break;
        }
        add(chunk, chunk.first() - slice.first(), weights[i], sum);
        next[i]++;
      }
    }
    divide(sum);
    return sum;
  }

  private void divide(float[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] *= share;
    }
  }

  private void add(RunRecord.Chunk chunk, int first, float weight, float[] sum) {
    ByteBuffer encoded = bytes.apply(chunk);
    TensorCodec codec = codecs.forDecoding(chunk.codec(), chunk.codecVersion());
    int at = encoded.arrayOffset() + encoded.position();
    if (weight == 1) {
      codec.accumulate(encoded.array(), at, encoded.remaining(), chunk.count(), sum, first);
      return;
    }
    if (decoded.length < chunk.count()) {
      decoded = new float[chunk.count()];
    }
    codec.decode(encoded.array(), at, encoded.remaining(), chunk.count(), decoded, 0);
    for (int i = 0; i < chunk.count(); i++) {
      float weighted = weight * decoded[i];
      sum[first + i] += weighted;
    }
  }
}
