package io.tributary.bench.chaos;

import com.fasterxml.jackson.annotation.JsonValue;
import io.tributary.error.Errors;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What can go wrong. */
enum FaultKind {
  /** An agent's process ends at once, and another takes its place. */
  KILL,
  /** The coordinator's process ends at once, and another takes its place. */
  COORDINATOR_KILL,
  /** Whatever passes between an agent and the coordinator takes longer, for a while. */
  DELAY,
  /** Bytes under way are lost for good, and with them the connection. */
  LOSS,
  /** Nothing passes between an agent and the coordinator, for a while. */
  PARTITION,
  /** The coordinator's end of a connection goes away, and the agent isn't told. */
  HALF_OPEN,
  /** One bit of what passes changes. */
  CORRUPT,
  /** Whatever passes between an agent and the coordinator passes slowly, for a while. */
  SLOW,
  /** The coordinator's file system fills up; it is emptied when the coordinator has ended. */
  DISK_FULL;

  /** The name on the command line and in figures. */
  @JsonValue
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads names separated by commas. */
  static Set<FaultKind> parse(String text) {
    Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    for (String label : text.split(",", -1)) {
      kinds.add(
          Arrays.stream(values())
              .filter(kind -> kind.label().equals(label.trim()))
              .findFirst()
              .orElseThrow(
                  () ->
                      Errors.invalidSetting("--faults", "'" + label + "'", "some of " + labels())));
    }
    return kinds;
  }

  /** All names. */
  static String labels() {
    return Arrays.stream(values()).map(FaultKind::label).collect(Collectors.joining(","));
  }
}
