package io.tributary.command;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Events as JSON lines, for programs that watch a process: {@code {"event": NAME, ...}}, where the
 * name is the record's class in lower case. Safe for any thread; each line is written and flushed
 * as a whole.
 */
public final class EventLines {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final PrintStream out;

  /** Lines to {@code out}, which stays the caller's. */
  public EventLines(PrintStream out) {
    this.out = out;
  }

  /** The event as a JSON object. */
  public static ObjectNode document(Record event) {
    ObjectNode document =
        MAPPER
            .createObjectNode()
            .put("event", event.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    ObjectNode fields = MAPPER.valueToTree(event);
    return document.setAll(fields);
  }

  /** Writes one event. */
  public void write(Record event) {
    String text = document(event).toString();
    synchronized (out) {
      out.println(text);
      out.flush();
    }
  }
}
