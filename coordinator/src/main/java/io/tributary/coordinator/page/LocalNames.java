package io.tributary.coordinator.page;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names under which a server may be asked for its page. A page elsewhere can let its own name
 * point at this machine (DNS rebinding) and would then read what is served here as its own; it
 * can't make the browser send another Host header, so any name that isn't ours is refused.
 * Immutable.
 */
final class LocalNames {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
  private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

  private final Set<String> names;
  private final boolean anyAddress;

  private LocalNames(Set<String> names, boolean anyAddress) {
    this.names = names;
    this.anyAddress = anyAddress;
  }

  /**
   * The names of loopback, the host as the user gave it, and the address that it stands for. For a
   * server on all addresses, any address written in numbers: only names can be bent.
   */
  static LocalNames of(String host, InetAddress address) {
    var names = new HashSet<>(LOOPBACK);
    names.add(written(host));
    names.add(written(address.getHostAddress().replaceAll("%.*", "")));
    return new LocalNames(names, address.isAnyLocalAddress());
  }

  /** A host as it stands in a URL. */
  static String written(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.contains(":") && !lower.startsWith("[") ? "[" + lower + "]" : lower;
  }

  /** Whether a request with these Host headers is meant for this server. */
  boolean allow(List<String> headers) {
    if (headers.size() != 1) {
      return false;
    }
    String name = PORT.matcher(headers.get(0).toLowerCase(Locale.ROOT)).replaceFirst("");
    return names.contains(name) || (anyAddress && ADDRESS.matcher(name).matches());
  }
}
