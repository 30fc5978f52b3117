package io.tributary.link;

import io.tributary.error.Errors;
import io.tributary.frame.FrameFormat;

/**
 * How many connections one link may have.
 *
 * @param least the connections that a client opens at once, 1 to {@code most}
 * @param most the connections that a link has at most, 1 to 64; what lies between, a client tries
 *     and keeps if it gains
 */
public record StripeRange(int least, int most) {
  /** Checks the order. */
  public StripeRange {
    if (most < 1 || most > FrameFormat.MAX_CONNECTIONS) {
      throw Errors.invalidSetting(
          "connections of a link", most, "1 to " + FrameFormat.MAX_CONNECTIONS);
    }
    if (least < 1 || least > most) {
      throw Errors.invalidSetting(
          "connections of a link to begin with", least, "1 to the most, " + most);
    }
  }

  /** The range in force by {@link LinkSettings}. */
  public static StripeRange fromSettings() {
    return new StripeRange(LinkSettings.STRIPES_AT_ONCE.get(), LinkSettings.STRIPES.get());
  }

  /** One connection, never more. */
  public static StripeRange one() {
    return new StripeRange(1, 1);
  }
}
