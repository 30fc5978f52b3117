package io.tributary.coordinator.relay;

import io.tributary.config.Setting;

/** The settings of streams between agents. */
public final class RelaySettings {
  /** Bytes held of all streams. */
  public static final Setting<Integer> HELD_BYTES =
      Setting.ofInt(
          "relay.held-bytes",
          32 << 20,
          1 << 20,
          1 << 30,
          "The most bytes that a coordinator holds of all streams between agents; above half of it no"
              + " credit is passed on.");

  private RelaySettings() {}
}
