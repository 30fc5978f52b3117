package io.tributary.agent;

import io.tributary.command.ByteRate;
import io.tributary.command.SecurityOptions;
import io.tributary.error.Errors;
import io.tributary.security.LinkSecurity;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that connects to a coordinator: where, as whom, how fast. */
final class ConnectionOptions {
  @Option(
      names = "--coordinator",
      defaultValue = "127.0.0.1:7077",
      description = "Where the coordinator listens (${DEFAULT-VALUE}).")
  private String coordinator;

  @Option(
      names = "--name",
      required = true,
      description = "This agent's name, unique at its coordinator.")
  private String name;

  @Option(
      names = "--link",
      defaultValue = "none",
      converter = ByteRate.class,
      description = "Cap on what is sent, such as 2mbit (${DEFAULT-VALUE}).")
  private long bytesPerSecond;

  @Mixin private SecurityOptions securityOptions;

  /** The coordinator's name or address. */
  String host() {
    return coordinator.substring(0, colon());
  }

  /** The coordinator's port. */
  int port() {
    return Integer.parseInt(coordinator.substring(colon() + 1));
  }

  private int colon() {
    int colon = coordinator.lastIndexOf(':');
    if (colon < 1 || !coordinator.substring(colon + 1).matches("\\d{1,5}")) {
      throw Errors.invalidSetting("--coordinator", coordinator, "HOST:PORT");
    }
    return colon;
  }

  /** The agent's name. */
  String name() {
    return name;
  }

  /** The cap, 0 for none. */
  long bytesPerSecond() {
    return bytesPerSecond;
  }

  /**
   * How the link is protected.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the certificate has
   *     another name than the agent
   */
  LinkSecurity security() {
    LinkSecurity security = securityOptions.open("--coordinator", host());
    if (security.encrypts() && !security.own().name().equals(name)) {
      throw Errors.invalidSetting(
          "--name", name, "the name in the certificate, " + security.own().name());
    }
    return security;
  }
}
