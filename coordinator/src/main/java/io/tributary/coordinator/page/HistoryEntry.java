package io.tributary.coordinator.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.command.EventLines;
import io.tributary.coordinator.RunEvent;

/** One thing that pages are told. Immutable. */
sealed interface HistoryEntry {
  /** Its place in the order of all that happened; unique, above 0. */
  long sequence();

  /** The JSON object that a page receives: the event's own fields and {@code at}. */
  String json();

  /**
   * An event that is kept as it came.
   *
   * @param sequence its place
   * @param json its text
   */
  record Told(long sequence, String json) implements HistoryEntry {
    /** Writes an event that happened {@code at} milliseconds after the history's begin. */
    static Told of(long sequence, long at, RunEvent event) {
      return new Told(sequence, HistoryEntry.json(at, event));
    }
  }

  /**
   * The progress of one agent: one report, or the mean of several that follow each other.
   *
   * @param sequence the place of the last of these reports
   * @param at milliseconds from the history's begin to the last of these reports
   * @param latest the last of these reports
   * @param lossSum the sum of their losses
   * @param reports how many there are
   */
  record Progress(long sequence, long at, RunEvent.Progressed latest, double lossSum, int reports)
      implements HistoryEntry {
    /** This and what came before it as one. */
    Progress after(Progress earlier) {
      return new Progress(
          sequence, at, latest, earlier.lossSum + lossSum, earlier.reports + reports);
    }

    @Override
    public String json() {
      return HistoryEntry.json(
          at,
          new RunEvent.Progressed(
              latest.participant(),
              latest.agent(),
              latest.step(),
              lossSum / reports,
              latest.bytesUp(),
              latest.bytesDown()));
    }
  }

  private static String json(long at, RunEvent event) {
    ObjectNode document = EventLines.document((Record) event);
    return document.put("at", at).toString();
  }
}
