package io.tributary.agent.trainer;

import io.tributary.error.Errors;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The lowest layers of an encoder, which nothing that learns lies below: what they give for a
 * sentence never changes. It is computed once and remembered, up to {@value #MOST_BYTES} bytes, for
 * all parts that share the same weights and this object.
 *
 * <p>A sentence is computed by itself, so that its values don't depend on what it was batched with.
 * Safe for any thread.
 */
public final class FrozenLayers {
  private static final long MOST_BYTES = 2L << 30;

  private final int count;
  private final Map<Sentence, float[]> known = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  /** Tokens as a key. */
  @SuppressWarnings("ArrayRecordComponent") // compared by content, see below
  private record Sentence(int[] tokens) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Sentence sentence && Arrays.equals(tokens, sentence.tokens);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(tokens);
    }
  }

  /**
   * So many layers, with nothing remembered.
   *
   * @param count 0 or more; 0 are the embeddings alone
   */
  public FrozenLayers(int count) {
    if (count < 0) {
      throw Errors.invalidSetting("layers without adapters", count, "0 or more");
    }
    this.count = count;
  }

  /** The number of layers. */
  public int count() {
    return count;
  }

  /**
   * The vectors of a sentence's tokens behind these layers. Nobody may write to them.
   *
   * @param compute how to find them
   */
  public float[] of(int[] tokens, Supplier<float[]> compute) {
    var sentence = new Sentence(tokens);
    float[] found = known.get(sentence);
    if (found == null) {
      found = compute.get();
      long size = (long) found.length * Float.BYTES;
      if (bytes.get() + size <= MOST_BYTES && known.putIfAbsent(sentence, found) == null) {
        bytes.addAndGet(size);
      }
    }
    return found;
  }
}
