package io.tributary.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of a run have said, and how long those that were killed were away. Safe for
 * any thread.
 */
final class ChaosRecord {
  private static final String COORDINATOR = "coordinator";

  private record Round(int fragment, int version) {}

  private record Made(long nanos, Set<Integer> participants) {}

  private record Held(int participant, Round round) {}

  private final long began = System.nanoTime();
  private final Map<Round, Made> commits = new LinkedHashMap<>();
  private final Set<Held> held = new HashSet<>();
  private final List<ChaosFigures.Exclusion> exclusions = new ArrayList<>();
  private final List<ChaosFigures.Row> rows = new ArrayList<>();
  private final List<String> ended = new ArrayList<>();

  /** The row and the start of each process that isn't back yet. */
  private final Map<String, Integer> rowOf = new HashMap<>();

  private final Map<String, Long> startOf = new HashMap<>();
  private long newsAt = System.nanoTime();
  private int present;
  private int versions;
  private int rounds;
  private String fingerprint = "";

  /** An event of the coordinator's. */
  synchronized void coordinatorSaid(JsonNode event) {
    switch (event.path("event").asText()) {
      case "began" -> {
        versions = 0;
        event.path("versions").forEach(v -> versions += v.asInt());
      }
      case "joined" -> joined(event);
      case "left" -> present--;
      case "contributed" -> held.add(new Held(event.path("participant").asInt(), roundOf(event)));
      case "committed" -> committed(event);
      case "finished" -> {
        fingerprint = event.path("fingerprint").asText();
        rounds = event.path("rounds").asInt();
      }
      default -> {}
    }
  }

  private static Round roundOf(JsonNode event) {
    return new Round(event.path("fragment").asInt(), event.path("version").asInt());
  }

  private void joined(JsonNode event) {
    present = event.path("present").asInt();
    back(event.path("agent").asText());
    if (present == event.path("expected").asInt()) {
      back(COORDINATOR);
    }
  }

  private void back(String name) {
    Long start = startOf.remove(name);
    Integer row = rowOf.remove(name);
    if (start != null && row != null) {
      ChaosFigures.Row open = rows.get(row);
      rows.set(
          row,
          new ChaosFigures.Row(
              open.seconds(),
              open.fault(),
              open.victim(),
              (System.nanoTime() - start) / 1_000_000));
    }
  }

  private void committed(JsonNode event) {
    var participants = new HashSet<Integer>();
    event.path("participants").forEach(p -> participants.add(p.asInt()));
    newsAt = System.nanoTime();
    commits.put(roundOf(event), new Made(newsAt, participants));
    for (JsonNode exclusion : event.path("exclusions")) {
      String[] parts = exclusion.asText().split(": ", 2);
      exclusions.add(
          new ChaosFigures.Exclusion(
              parts[0],
              event.path("fragment").asInt(),
              event.path("version").asInt(),
              parts.length > 1 ? parts[1] : ""));
    }
  }

  /** A fault happens; of a process that is killed by it the way back is timed. */
  synchronized void suffers(String victim, FaultKind kind, boolean killed) {
    rows.add(new ChaosFigures.Row((System.nanoTime() - began) / 1e9, kind, victim, null));
    if (killed) {
      rowOf.put(victim, rows.size() - 1);
      startOf.remove(victim);
    }
  }

  /** A process has been started. */
  synchronized void started(String name) {
    if (name.equals(COORDINATOR)) {
      present = 0;
    }
    if (rowOf.containsKey(name)) {
      startOf.put(name, System.nanoTime());
    }
  }

  /** A process has ended, and nobody had killed it. */
  synchronized void endedByItself(String name, String words) {
    ended.add(name + ": " + words);
  }

  /** The number of agents connected. */
  synchronized int present() {
    return present;
  }

  /** The share of all versions that is made, as far as was heard. */
  synchronized double progress() {
    return versions == 0 ? 0 : (double) commits.size() / versions;
  }

  /** The outer parameters' fingerprint, empty as long as the run isn't over. */
  synchronized String fingerprint() {
    return fingerprint;
  }

  /** Nanoseconds since a version was made. */
  synchronized long silence() {
    return System.nanoTime() - newsAt;
  }

  /** The number of versions made between two moments of {@link System#nanoTime}. */
  synchronized long made(long from, long to) {
    return commits.values().stream().filter(m -> m.nanos() > from && m.nanos() <= to).count();
  }

  /** When this record began. */
  long began() {
    return began;
  }

  /** When a version was made last. */
  synchronized long lastMade() {
    return commits.values().stream().mapToLong(Made::nanos).max().orElse(began);
  }

  /** Contributions that were whole, and that their version was made without. */
  private int lost() {
    int lost = 0;
    for (Held one : held) {
      Made made = commits.get(one.round());
      if (made != null && !made.participants().contains(one.participant())) {
        lost++;
      }
    }
    return lost;
  }

  /** All of it. */
  synchronized ChaosFigures figures(
      ChaosPlan plan, Duration lasted, String expected, double throughputKept, int leaks) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    plan.faults().stream().sorted().forEach(kind -> counts.put(kind.label(), 0));
    rows.forEach(row -> counts.merge(row.fault().label(), 1, Integer::sum));
    List<Long> recoveries =
        new ArrayList<>(
            rows.stream().map(ChaosFigures.Row::recoveryMillis).filter(m -> m != null).toList());
    Collections.sort(recoveries);
    return new ChaosFigures(
        plan.seed(),
        lasted.toMillis() / 60_000.0,
        plan.agents(),
        counts,
        rounds,
        fingerprint.equals(expected),
        lost(),
        List.copyOf(exclusions),
        middle(recoveries),
        recoveries.isEmpty() ? 0 : recoveries.get(recoveries.size() - 1),
        throughputKept,
        leaks,
        List.copyOf(ended),
        List.copyOf(rows));
  }

  private static long middle(List<Long> sorted) {
    @Nullable Long middle = sorted.isEmpty() ? null : sorted.get((sorted.size() - 1) / 2);
    return middle == null ? 0 : middle;
  }
}
