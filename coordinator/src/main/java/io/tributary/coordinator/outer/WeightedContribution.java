package io.tributary.coordinator.outer;

import io.tributary.coordinator.journal.RunRecord;
import java.util.List;

/**
 * What one participant brings to a version.
 *
 * @param tokens the number of tokens that it was trained on, its weight in the mean; 0 or more
 * @param chunks the encoded chunks, which cover the fragment exactly
 */
public record WeightedContribution(long tokens, List<RunRecord.Chunk> chunks) {
  /** Copies the list. */
  public WeightedContribution {
    chunks = List.copyOf(chunks);
  }
}
