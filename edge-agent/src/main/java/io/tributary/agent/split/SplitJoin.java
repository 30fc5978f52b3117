package io.tributary.agent.split;

import java.util.List;

/**
 * A client takes part.
 *
 * @param session tells the client's process from the next one of its name
 * @param keeps whether the client keeps states, and so can go back
 * @param kept those that it has
 * @param startMillis how long its process had run when it was ready to connect
 */
record SplitJoin(String session, boolean keeps, List<KeptState> kept, long startMillis) {
  private static final int MOST_KEPT = 16;

  /** Checks and copies the list. */
  SplitJoin {
    if (kept.size() > MOST_KEPT) {
      throw io.tributary.error.Errors.invalidSetting(
          "states kept by a client", kept.size(), "at most " + MOST_KEPT);
    }
    kept = List.copyOf(kept);
  }
}
