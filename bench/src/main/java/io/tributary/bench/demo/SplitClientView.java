package io.tributary.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one client of a cut model has reported so far, and when its server went on without it. Safe
 * for any thread.
 */
final class SplitClientView {
  /** Absences that are shown: those before are only counted. */
  static final int MOST_ABSENCES = 20;

  private final String name;
  private final ArrayDeque<SplitDemoFigures.Absence> absences = new ArrayDeque<>();
  private int timesAbsent;
  private @Nullable JsonNode stepped;
  private final List<JsonNode> measured = new ArrayList<>();
  private @Nullable JsonNode done;
  private long parameters;

  SplitClientView(String name) {
    this.name = name;
  }

  synchronized void accept(JsonNode event) {
    switch (event.path("event").asText()) {
      case "joined" -> parameters = event.path("parameters").asLong();
      case "stepped" -> {
        stepped = event;
        if (isAway()) {
          absences.add(absences.removeLast().backWith(event.path("step").asInt()));
        }
      }
      case "measured" -> measured.add(event);
      case "done" -> done = event;
      default -> {}
    }
  }

  String name() {
    return name;
  }

  /** The server goes on without this client, as it says, until the client has made a step. */
  synchronized void leftOut(JsonNode event) {
    if (absences.size() == MOST_ABSENCES) {
      absences.remove();
    }
    absences.add(
        new SplitDemoFigures.Absence(
            name, event.path("counted").asInt(), event.path("reason").asText(), null));
    timesAbsent++;
  }

  /** How often the server went on without it. */
  synchronized int timesAbsent() {
    return timesAbsent;
  }

  /** The last of these times, at most {@link #MOST_ABSENCES}, in their order. */
  synchronized List<SplitDemoFigures.Absence> absences() {
    return List.copyOf(absences);
  }

  /** Whether the server goes on without it now. */
  synchronized boolean isAway() {
    return !absences.isEmpty() && absences.getLast().back() == null;
  }

  /** The last step, null before the first. */
  synchronized @Nullable JsonNode now() {
    return stepped;
  }

  /** All measurements so far, in their order. */
  synchronized List<JsonNode> measurements() {
    return List.copyOf(measured);
  }

  private @Nullable JsonNode lastMeasured() {
    return measured.isEmpty() ? null : measured.get(measured.size() - 1);
  }

  /** One line of the display. */
  synchronized String line(int steps) {
    JsonNode now = stepped;
    if (now == null) {
      return String.format(Locale.ROOT, "%-10s starting", name);
    }
    JsonNode last = lastMeasured();
    return String.format(
        Locale.ROOT,
        "%-10s step %4d/%d  loss %.3f  held-out %s  bits %5.2f  up %s  down %s",
        name,
        now.path("step").asInt(),
        steps,
        now.path("loss").asDouble(),
        last == null ? "-" : String.format(Locale.ROOT, "%.3f", last.path("loss").asDouble()),
        now.path("bits").asDouble(),
        ByteText.of(now.path("bytesUp").asLong()),
        ByteText.of(now.path("bytesDown").asLong()));
  }

  /** How many channels have which number of bits, as a picture. */
  synchronized String histogram() {
    JsonNode last = lastMeasured();
    if (last == null) {
      return "";
    }
    List<Integer> counts = channels(last);
    int most = counts.stream().mapToInt(Integer::intValue).max().orElse(1);
    var text = new StringBuilder("           channels by bits:");
    for (int bits = 0; bits < counts.size(); bits++) {
      int count = counts.get(bits);
      if (count > 0) {
        String bar = "#".repeat(Math.max(1, 20 * count / most));
        text.append(String.format(Locale.ROOT, "  %d %s %d", bits, bar, count));
      }
    }
    return text.toString();
  }

  static List<Integer> channels(JsonNode measured) {
    var counts = new ArrayList<Integer>();
    measured.path("channels").forEach(count -> counts.add(count.asInt()));
    return counts;
  }

  synchronized long parameters() {
    return parameters;
  }

  synchronized JsonNode stepped() {
    return reported(stepped, "stepped");
  }

  synchronized JsonNode measured() {
    return reported(lastMeasured(), "measured");
  }

  synchronized JsonNode done() {
    return reported(done, "done");
  }

  private JsonNode reported(@Nullable JsonNode event, String what) {
    if (event == null) {
      throw new IllegalStateException(name + " ended without the event " + what);
    }
    return event;
  }
}
