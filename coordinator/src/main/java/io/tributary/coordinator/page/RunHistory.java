package io.tributary.coordinator.page;

import io.tributary.coordinator.RunEvent;
import io.tributary.coordinator.page.HistoryEntry.Progress;
import io.tributary.coordinator.page.HistoryEntry.Told;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What has happened in a run, for pages that come late: its events in their order, in bounded
 * memory however long the run is.
 *
 * <ul>
 *   <li>Progress is kept as {@link ProgressSeries}, all agents together in about {@value
 *       #PROGRESS_POINTS} points.
 *   <li>What tells the present state (the run itself, each agent's last coming or going, each
 *       fragment's last spectrum and wait, the end) is always kept.
 *   <li>Of the rest, rounds above all, the newest {@value #TOLD_CHARACTERS} characters are kept.
 * </ul>
 *
 * <p>A page asks for what came after the last entry that it has. So a page that can't keep up has
 * no queue that grows: what it missed gets coarser or goes, here, for all alike.
 *
 * <p>Safe for any thread. {@link #add} does a small, bounded amount of work.
 */
final class RunHistory {
  static final int PROGRESS_POINTS = 16_384;
  static final int TOLD_CHARACTERS = 2 * 1024 * 1024;

  /** Above it a browser gains nothing, below it a line is no line; both in points an agent. */
  private static final int MOST_POINTS = 1024;

  private static final int LEAST_POINTS = 16;

  /** Texts of others are cut: names come from agents, reasons may quote them. */
  private static final int NAME_CHARACTERS = 80;

  private static final int REASON_CHARACTERS = 300;
  private static final int MOST_EXCLUSIONS = 32;

  /** The key of events of which only the last one of each participant tells the present. */
  private record Membership(int participant) {}

  /** The same for the spectrum of each fragment. */
  private record SpectrumOf(int fragment) {}

  /** And for what each fragment's version was waited for. */
  private record WaitingOf(int fragment) {}

  private final LongSupplier millis;
  private final long begin;
  private final TreeMap<Long, HistoryEntry> entries = new TreeMap<>();
  private final Map<Integer, ProgressSeries> progress = new HashMap<>();
  private final Map<Object, Told> present = new HashMap<>();
  private final ArrayDeque<Told> past = new ArrayDeque<>();
  private long pastCharacters;
  private int pointsPerAgent = MOST_POINTS;
  private long last;

  /** An empty history that begins now, by a clock that never goes back. */
  RunHistory(LongSupplier millis) {
    this.millis = millis;
    begin = millis.getAsLong();
  }

  /** Milliseconds since the history's begin. */
  long now() {
    return millis.getAsLong() - begin;
  }

  /** Adds what has just happened. */
  synchronized void add(RunEvent event) {
    long at = now();
    last++;
    if (event instanceof RunEvent.Progressed report) {
      progress
          .computeIfAbsent(report.participant(), p -> new ProgressSeries(pointsPerAgent, entries))
          .add(new Progress(last, at, shortened(report), report.loss(), 1));
      return;
    }
    if (event instanceof RunEvent.Began run) {
      pointsPerAgent =
          Math.max(LEAST_POINTS, Math.min(MOST_POINTS, PROGRESS_POINTS / run.agents()));
    }
    keep(event, Told.of(last, at, shortened(event)));
  }

  private void keep(RunEvent event, Told told) {
    entries.put(told.sequence(), told);
    Told former = told;
    if (event instanceof RunEvent.Joined joined) {
      former = present.put(new Membership(joined.participant()), told);
    } else if (event instanceof RunEvent.Left left) {
      former = present.put(new Membership(left.participant()), told);
    } else if (event instanceof RunEvent.Spectrum spectrum) {
      former = present.put(new SpectrumOf(spectrum.fragment()), told);
    } else if (event instanceof RunEvent.Waiting waiting) {
      former = present.put(new WaitingOf(waiting.fragment()), told);
    } else if (event instanceof RunEvent.Began
        || event instanceof RunEvent.Serving
        || event instanceof RunEvent.Listening
        || event instanceof RunEvent.Finished) {
      former = present.put(event.getClass(), told);
    }
    if (former != null) {
      past.addLast(former);
      pastCharacters += former.json().length();
      while (pastCharacters > TOLD_CHARACTERS) {
        Told oldest = past.removeFirst();
        pastCharacters -= oldest.json().length();
        entries.remove(oldest.sequence());
      }
    }
  }

  /**
   * What came after an entry, oldest first.
   *
   * @param sequence the entry's place, 0 for the begin
   * @param most how many entries at most
   */
  synchronized List<HistoryEntry> after(long sequence, int most) {
    var found = new ArrayList<HistoryEntry>();
    for (HistoryEntry entry : entries.tailMap(sequence, false).values()) {
      if (found.size() == most) {
        break;
      }
      found.add(entry);
    }
    return found;
  }

  /** The place of the last entry, 0 if there is none. */
  synchronized long last() {
    return last;
  }

  private static RunEvent.Progressed shortened(RunEvent.Progressed report) {
    String name = cut(report.agent(), NAME_CHARACTERS);
    return name.equals(report.agent())
        ? report
        : new RunEvent.Progressed(
            report.participant(),
            name,
            report.step(),
            report.loss(),
            report.bytesUp(),
            report.bytesDown());
  }

  private static RunEvent shortened(RunEvent event) {
    if (event instanceof RunEvent.Joined joined) {
      return new RunEvent.Joined(
          joined.participant(),
          cut(joined.agent(), NAME_CHARACTERS),
          joined.present(),
          joined.expected());
    }
    if (event instanceof RunEvent.Left left) {
      return new RunEvent.Left(
          left.participant(),
          cut(left.agent(), NAME_CHARACTERS),
          cut(left.reason(), REASON_CHARACTERS));
    }
    if (event instanceof RunEvent.CodecChosen chosen) {
      return new RunEvent.CodecChosen(
          chosen.participant(),
          cut(chosen.agent(), NAME_CHARACTERS),
          chosen.fragment(),
          chosen.version(),
          cut(chosen.codec(), NAME_CHARACTERS),
          cut(chosen.reason(), REASON_CHARACTERS));
    }
    if (event instanceof RunEvent.Spectrum spectrum) {
      return new RunEvent.Spectrum(
          spectrum.fragment(),
          spectrum.version(),
          spectrum.tensors().stream().map(RunHistory::shortened).toList(),
          spectrum.millis());
    }
    if (event instanceof RunEvent.Waiting waiting) {
      return new RunEvent.Waiting(
          waiting.fragment(), waiting.version(), waiting.seconds(), shortened(waiting.agents()));
    }
    if (event instanceof RunEvent.Committed round) {
      return new RunEvent.Committed(
          round.fragment(),
          round.version(),
          round.checksum(),
          round.participants(),
          shortened(round.exclusions()),
          round.bytesIn(),
          round.bytesOut(),
          round.millis());
    }
    return event;
  }

  private static RunEvent.TensorSpectrum shortened(RunEvent.TensorSpectrum of) {
    return new RunEvent.TensorSpectrum(
        cut(of.tensor(), NAME_CHARACTERS),
        of.rows(),
        of.width(),
        of.topEigenvalue(),
        of.topShare(),
        of.gap(),
        of.heavyRows(),
        of.moreHeavyRows());
  }

  private static List<String> shortened(List<String> exclusions) {
    var texts = new ArrayList<String>();
    for (String exclusion : exclusions) {
      if (texts.size() == MOST_EXCLUSIONS) {
        texts.add("and " + (exclusions.size() - MOST_EXCLUSIONS) + " more");
        break;
      }
      texts.add(cut(exclusion, REASON_CHARACTERS));
    }
    return texts;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
