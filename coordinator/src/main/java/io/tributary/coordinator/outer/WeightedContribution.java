package io.tributary.coordinator.outer;

import io.tributary.coordinator.journal.RunRecord;
import java.util.List;

/**
 * What one participant brings to a version.
 *
 * @param tokens the number of tokens that it was trained on, its weight in the mean; 0 or more
 * @param scale what its values are multiplied with, beside that weight
 * @param chunks the encoded chunks, which cover the fragment exactly
 */
public record WeightedContribution(long tokens, float scale, List<RunRecord.Chunk> chunks) {
  /** Copies the list. */
  public WeightedContribution {
    chunks = List.copyOf(chunks);
  }

  /** A contribution whose values are taken as they are. */
  public WeightedContribution(long tokens, List<RunRecord.Chunk> chunks) {
    this(tokens, 1, chunks);
  }
}
