package io.tributary.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one child process has reported so far. Safe for any thread. */
final class AgentView {
  private final String name;
  private @Nullable JsonNode progress;
  private @Nullable JsonNode finished;
  private @Nullable JsonNode evaluated;
  private long parameters;

  AgentView(String name) {
    this.name = name;
  }

  synchronized void accept(JsonNode event) {
    switch (event.path("event").asText()) {
      case "joined" -> parameters = event.path("parameters").asLong();
      case "progressed" -> progress = event;
      case "finished" -> finished = event;
      case "evaluated" -> evaluated = event;
      default -> {}
    }
  }

  /** One line of the display. */
  synchronized String line(int steps) {
    JsonNode now = progress;
    if (now == null) {
      return String.format(Locale.ROOT, "%-10s starting", name);
    }
    return String.format(
        Locale.ROOT,
        "%-10s step %4d/%d  loss %.3f  up %s  down %s  link %3.0f %%",
        name,
        now.path("step").asInt(),
        steps,
        now.path("loss").asDouble(),
        ByteText.of(now.path("bytesUp").asLong()),
        ByteText.of(now.path("bytesDown").asLong()),
        100 * now.path("linkUse").asDouble());
  }

  synchronized int step() {
    return progress == null ? 0 : progress.path("step").asInt();
  }

  synchronized JsonNode finished() {
    return reported(finished, "finished");
  }

  synchronized JsonNode evaluated() {
    return reported(evaluated, "evaluated");
  }

  synchronized long parameters() {
    return parameters;
  }

  private JsonNode reported(@Nullable JsonNode event, String what) {
    if (event == null) {
      throw new IllegalStateException(name + " ended without the event " + what);
    }
    return event;
  }
}
