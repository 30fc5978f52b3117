package io.tributary.bench.synthetic;

import io.tributary.config.Setting;
import java.time.Duration;

/** The settings of the engine {@code synthetic}. */
public final class SyntheticSettings {
  /** How long a step takes at least. */
  public static final Setting<Duration> STEP_TIME =
      Setting.ofMillis(
          "synthetic.step-time",
          0,
          0,
          60_000,
          "How long an inner step of the training engine synthetic takes at least.");

  private SyntheticSettings() {}
}
