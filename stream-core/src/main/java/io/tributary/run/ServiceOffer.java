package io.tributary.run;

import io.tributary.error.Errors;

/**
 * An agent takes streams from other agents, through the coordinator.
 *
 * @param service what for, such as {@code split}; 1 to 64 characters
 * @param places how many agents at once, 1 to 4096
 * @param terms what both agents must agree on, as text that the coordinator passes on unread
 */
public record ServiceOffer(String service, int places, String terms) {
  private static final int LONGEST_NAME = 64;
  private static final int MOST_PLACES = 4096;

  /** Checks name and places. */
  public ServiceOffer {
    checkName(service);
    if (places < 1 || places > MOST_PLACES) {
      throw Errors.invalidSetting("places of a service", places, "1 to " + MOST_PLACES);
    }
  }

  static void checkName(String service) {
    if (service.isEmpty() || service.length() > LONGEST_NAME) {
      throw Errors.invalidSetting(
          "name of a service", service, "1 to " + LONGEST_NAME + " characters");
    }
  }
}
