package io.tributary.link;

import io.tributary.error.Errors;
import java.time.Duration;

/**
 * The times of a link.
 *
 * @param pingInterval how long without a byte from the peer until a PING is sent; after 4 times
 *     this and the time that an answer takes, which is measured, the peer counts as gone
 * @param helloPatience how long a connection may take to be made, and then a HELLO to arrive
 * @param firstBackOff the first pause before a client connects again
 * @param lastBackOff the longest pause before a client connects again
 */
public record LinkTimes(
    Duration pingInterval, Duration helloPatience, Duration firstBackOff, Duration lastBackOff) {
  /** Checks that all are positive and in order. */
  public LinkTimes {
    if (pingInterval.isNegative() || pingInterval.isZero()) {
      throw Errors.invalidSetting("ping interval", pingInterval, "a positive time");
    }
    if (helloPatience.isNegative() || helloPatience.isZero()) {
      throw Errors.invalidSetting("patience for HELLO", helloPatience, "a positive time");
    }
    if (firstBackOff.isNegative() || firstBackOff.isZero()) {
      throw Errors.invalidSetting("first back-off", firstBackOff, "a positive time");
    }
    if (lastBackOff.compareTo(firstBackOff) < 0) {
      throw Errors.invalidSetting(
          "last back-off", lastBackOff, "at least the first back-off of " + firstBackOff);
    }
  }

  /** The times in force by {@link LinkSettings}. */
  public static LinkTimes fromSettings() {
    return new LinkTimes(
        LinkSettings.PING_INTERVAL.get(),
        LinkSettings.HELLO_PATIENCE.get(),
        LinkSettings.FIRST_BACK_OFF.get(),
        LinkSettings.LAST_BACK_OFF.get());
  }
}
