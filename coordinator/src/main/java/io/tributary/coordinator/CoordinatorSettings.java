package io.tributary.coordinator;

import io.tributary.config.Setting;

/** The settings of coordinators. */
public final class CoordinatorSettings {
  /** When a journal segment is full. */
  public static final Setting<Integer> JOURNAL_SEGMENT_BYTES =
      Setting.ofInt(
          "journal.segment-bytes",
          64 * 1024 * 1024,
          4096,
          1 << 30,
          "Size at which a journal segment is followed by a new one; old segments go when their rounds are committed.");

  /** Whether what is acknowledged is forced. */
  public static final Setting<Boolean> JOURNAL_DURABLE =
      Setting.ofBoolean(
          "journal.durable",
          true,
          "Whether contributions and versions are forced to the device before anybody hears of them; otherwise a run survives the end of its process, but not of its machine.");

  /** How much of the journal is in memory as well. */
  public static final Setting<Integer> JOURNAL_HELD_BYTES =
      Setting.ofInt(
          "journal.held-bytes",
          16 * 1024 * 1024,
          0,
          Integer.MAX_VALUE,
          "The most bytes of journalled contributions that stay in memory until their versions are made; the others are read again. A fast network wants as much as all agents have under way.");

  /** Which versions telemetry looks at. */
  public static final Setting<Integer> SPECTRUM_EVERY =
      Setting.ofInt(
          "spectrum.every",
          0,
          0,
          1_000_000,
          "Tell the top eigenvalue, gap and heavy rows of each tensor's change at every so many versions of a fragment; 0 for never.");

  private CoordinatorSettings() {}
}
