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
