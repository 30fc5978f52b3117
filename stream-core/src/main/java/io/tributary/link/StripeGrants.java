package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.StripeFrameFlyweight;
import io.tributary.security.PeerIdentity;
import java.net.SocketAddress;
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

    /** The token in a STRIPE. */
    static Token of(ByteBuf frame) {
      return new Token(StripeFrameFlyweight.tokenHigh(frame), StripeFrameFlyweight.tokenLow(frame));
    }
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
   * The link that a token was granted to, once. A claim by anybody else, or for another number,
   * takes nothing from it.
   *
   * @param by the certificate of the one who claims it
   * @param from where that one is, for people
   * @throws TributaryException {@code NOT_TRUSTED} if nothing like it was granted
   */
  LinkStripes claim(
      Token token, int number, Optional<PeerIdentity> by, @Nullable SocketAddress from) {
    Grant grant = open.get(token);
    if (grant == null
        || grant.number() != number
        || !grant.owner().identity().equals(by)
        || !open.remove(token, grant)) {
      throw new TributaryException(
          ErrorCode.NOT_TRUSTED,
          "STRIPE of "
              + by.map(peer -> peer + " at ").orElse("")
              + from
              + ": expected the number and token of a connection granted to this peer, found"
              + " others; the link may have ended");
    }
    return grant.owner();
  }

  /** A token holds no longer. */
  void revoke(Token token) {
    open.remove(token);
  }
}
