package io.tributary.coordinator;

import io.tributary.coordinator.journal.RunRecord;
import io.tributary.coordinator.outer.WeightedContribution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The versions that were made since each fragment's state was last written, and what of: a process
 * that starts makes them again from the journal.
 *
 * <p>Confined to the run's thread.
 */
final class UnsavedVersions {
  /**
   * A version.
   *
   * @param version its number
   * @param contributions what it was made of, in the order of the sum
   */
  record Made(int version, List<WeightedContribution> contributions) {
    private long bytes() {
      return chunks(contributions).stream().mapToLong(c -> c.payload().length()).sum();
    }
  }

  private final Map<Integer, List<Made>> byFragment = new HashMap<>();

  /** Notes a version whose state isn't written. */
  void add(int fragment, Made made) {
    byFragment.computeIfAbsent(fragment, f -> new ArrayList<>()).add(made);
  }

  /** The state of a version, and of all before it, is written. */
  void saved(int fragment, int version) {
    byFragment.getOrDefault(fragment, new ArrayList<>()).removeIf(m -> m.version() <= version);
  }

  /** The unsaved versions of a fragment in order. */
  List<Made> of(int fragment) {
    return List.copyOf(byFragment.getOrDefault(fragment, List.of()));
  }

  /** The bytes that the journal holds of a fragment's unsaved versions. */
  long bytes(int fragment) {
    return of(fragment).stream().mapToLong(Made::bytes).sum();
  }

  /** The first segment of the journal that one of them needs, or the largest number. */
  int oldestSegment() {
    return byFragment.values().stream()
        .flatMap(List::stream)
        .flatMap(made -> chunks(made.contributions()).stream())
        .mapToInt(chunk -> chunk.payload().segment())
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  private static List<RunRecord.Chunk> chunks(List<WeightedContribution> contributions) {
    return contributions.stream().flatMap(c -> c.chunks().stream()).toList();
  }
}
