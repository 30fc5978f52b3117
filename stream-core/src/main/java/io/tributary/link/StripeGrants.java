package io.tributary.link;

import io.tributary.security.PeerIdentity;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The further connections that a server has granted to its links and that haven't come yet. Safe
 * for any thread.
 */
final class StripeGrants {
  /**
   * What a client says on the connection that it was granted.
   *
   * @param high half of 128 random bits
   * @param low the other half
   */
  record Token(long high, long low) {
    /** What asks for a token, and what refuses one. */
    static final Token NONE = new Token(0, 0);
  }

  /**
   * A connection that may come.
   *
   * @param owner whose it is
   * @param number its place among the owner's connections
   */
  record Grant(LinkStripes owner, int number) {}

  private final SecureRandom random = new SecureRandom();
  private final Map<Token, Grant> open = new ConcurrentHashMap<>();
  private final BooleanSupplier room;

  /**
   * No grants yet.
   *
   * @param room whether the server can do with more connections
   */
  StripeGrants(BooleanSupplier room) {
    this.room = room;
  }

  /** Grants a connection, or none if there is no room. */
  Token grant(LinkStripes owner, int number) {
    if (!room.getAsBoolean()) {
      return Token.NONE;
    }
    Token token = new Token(random.nextLong(), random.nextLong());
    open.put(token, new Grant(owner, number));
    return token;
  }

  /**
   * The link that a token was granted to, once; null to anybody else or for another number, whose
   * claim takes nothing from it.
   *
   * @param by the certificate of the one who claims it
   */
  @Nullable LinkStripes claim(Token token, int number, Optional<PeerIdentity> by) {
    Grant grant = open.get(token);
    return grant != null
            && grant.number() == number
            && grant.owner().identity().equals(by)
            && open.remove(token, grant)
        ? grant.owner()
        : null;
  }

  /** A token holds no longer. */
  void revoke(Token token) {
    open.remove(token);
  }
}
