package io.tributary.security;

import java.util.Locale;
import java.util.Optional;

/** What a process may do in a run; its certificate lists the roles that it has. */
public enum Role {
  /** Leads the run: agents connect to nobody else. */
  COORDINATE,
  /** Joins the run and sends contributions. */
  CONTRIBUTE,
  /** Sends and takes streams that the coordinator passes on between agents. */
  RELAY,
  /** Fetches models that a server offers, and sends nothing. */
  READ;

  /** The form in certificates and on command lines: lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of a text, or empty if there is none. */
  public static Optional<Role> of(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return text();
  }
}
