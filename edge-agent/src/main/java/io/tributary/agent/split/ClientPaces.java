package io.tributary.agent.split;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The measurements of a server's clients by their names, those included that take no part any
 * longer: who comes back is the same machine behind the same link. Confined to the server's thread.
 */
final class ClientPaces {
  /** Names cost a peer nothing, so those that joined longest ago make room. */
  static final int MOST = 256;

  private final double patience;
  private final LinkedHashMap<String, ClientPace> byName =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ClientPace> eldest) {
          return size() > MOST;
        }
      };

  /**
   * None so far.
   *
   * @param patience how many times the usual each client is waited for, 1 or more
   */
  ClientPaces(double patience) {
    this.patience = patience;
  }

  /** That of a client which joins: what was measured of it before, if anything. */
  ClientPace of(String client) {
    return byName.computeIfAbsent(client, name -> new ClientPace(patience));
  }
}
