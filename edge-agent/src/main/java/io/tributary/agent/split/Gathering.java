package io.tributary.agent.split;

import io.tributary.agent.split.SplitConnection.Arrived;
import io.tributary.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Clients that come together before a server begins, or goes back: who is here, and what each has
 * kept.
 */
final class Gathering {
  /** Who asks to join, and how. */
  record Joining(SplitJoin join, Arrived message) {}

  private final TreeMap<String, Joining> joining = new TreeMap<>();
  private final long since = System.nanoTime();

  /** A client is here, for the first time or again. */
  void add(SplitJoin join, Arrived message) {
    Joining former = joining.put(message.from().name(), new Joining(join, message));
    if (former != null) {
      former.message().stream().reject(ErrorCode.CANCELLED, "the same was sent again");
    }
  }

  /** Since when they are waited for. */
  long since() {
    return since;
  }

  int size() {
    return joining.size();
  }

  /** By the clients' names, so that places don't depend on who was first. */
  Map<String, Joining> all() {
    return joining;
  }

  /** The latest state that the server and all clients have that keep any. */
  Optional<KeptState> latestCommon(List<KeptState> ours) {
    return KeptState.latestCommon(
        ours,
        joining.values().stream()
            .map(Joining::join)
            .filter(SplitJoin::keeps)
            .map(SplitJoin::kept)
            .toList());
  }

  /** Whoever asks is to ask again. */
  void close() {
    joining
        .values()
        .forEach(j -> j.message().stream().reject(ErrorCode.CANCELLED, "the server has stopped"));
    joining.clear();
  }
}
