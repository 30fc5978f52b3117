package io.tributary.coordinator.page;

import io.tributary.coordinator.page.HistoryEntry.Progress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;

/**
 * The progress of one agent over the whole run in a bounded number of points. When there are too
 * many, neighbours become one point with their mean loss, and from then on as many reports again
 * make one point: an agent's line gets coarser, never shorter.
 *
 * <p>Confined to the lock of its history.
 */
final class ProgressSeries {
  private final int most;
  private final Map<Long, HistoryEntry> entries;
  private final ArrayDeque<Progress> points = new ArrayDeque<>();
  private int reportsPerPoint = 1;

  /**
   * An empty series.
   *
   * @param most the number of points, at least 2
   * @param entries where its points are kept by sequence, together with others'
   */
  ProgressSeries(int most, Map<Long, HistoryEntry> entries) {
    this.most = most;
    this.entries = entries;
  }

  /** Adds the report that follows. */
  void add(Progress report) {
    Progress last = points.peekLast();
    if (last != null && last.reports() < reportsPerPoint) {
      points.removeLast();
      entries.remove(last.sequence());
      append(report.after(last));
    } else {
      append(report);
    }
    if (points.size() > most) {
      halve();
    }
  }

  private void append(Progress point) {
    points.addLast(point);
    entries.put(point.sequence(), point);
  }

  private void halve() {
    List<Progress> all = List.copyOf(points);
    points.clear();
    for (int i = 0; i + 1 < all.size(); i += 2) {
      entries.remove(all.get(i).sequence());
      append(all.get(i + 1).after(all.get(i)));
    }
    if (all.size() % 2 == 1) {
      append(all.get(all.size() - 1));
    }
    reportsPerPoint *= 2;
  }
}
