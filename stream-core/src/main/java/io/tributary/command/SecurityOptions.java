package io.tributary.command;

import io.tributary.error.Errors;
import io.tributary.security.LinkSecurity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** Options of commands that talk to other machines: closed unless it is said that open is meant. */
public final class SecurityOptions {
  private static final Logger log = LoggerFactory.getLogger(SecurityOptions.class);

  @Option(
      names = "--keys",
      paramLabel = "FOLDER",
      description =
          "This process's keys, made by 'tributary keys': TLS with certificates at both ends."
              + " Needed on any address but loopback.")
  private @Nullable Path keys;

  @Option(
      names = "--insecure",
      description = "Do without keys: anybody who reaches the port may take part and read along.")
  private boolean insecure;

  /**
   * How links are protected.
   *
   * @param what the option that names the address, for the error
   * @param host the address that is listened on or connected to
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if neither keys nor
   *     {@code --insecure} are given and the address isn't loopback; {@code STORAGE} for keys that
   *     can't be used
   */
  public LinkSecurity open(String what, String host) {
    if (keys != null) {
      if (insecure) {
        throw Errors.invalidSetting("--insecure", "with --keys", "one of both");
      }
      LinkSecurity security = LinkSecurity.of(keys);
      log.info("TLS 1.3 by {} as {}", security.provider(), security.own());
      return security;
    }
    if (!insecure && !isLoopback(host)) {
      throw Errors.invalidSetting(
          what,
          host + " without keys",
          "--keys FOLDER, made by 'tributary keys', or, on a network that you trust, --insecure");
    }
    return LinkSecurity.none();
  }

  /**
   * Checks that a page which others can reach asks for a login, unless {@code --insecure} is given.
   *
   * @param what the option that names the address, for the error
   * @param host the address that is listened on
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it doesn't
   */
  public void checkLogin(String what, String host, boolean hasLogin) {
    if (!hasLogin && !insecure && !isLoopback(host)) {
      throw Errors.invalidSetting(
          what,
          host + " without a login",
          "--http-login FILE, or, on a network that you trust, --insecure");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
