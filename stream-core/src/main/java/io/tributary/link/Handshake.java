package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.HelloFrameFlyweight;
import io.tributary.security.PeerIdentity;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What this side says of itself, and expects of the peer. */
final class Handshake {
  private Handshake() {}

  /** A HELLO by options; the caller owns it. */
  static ByteBuf hello(ByteBufAllocator allocator, LinkOptions options) {
    ByteBuf frame =
        HelloFrameFlyweight.encode(
            allocator,
            FrameFormat.OLDEST_PROTOCOL,
            FrameFormat.NEWEST_PROTOCOL,
            options.instance(),
            options.initialCredit(),
            options.decodes().size(),
            options.name().getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < options.decodes().size(); i++) {
      CodecRange range = options.decodes().get(i);
      HelloFrameFlyweight.putCodec(frame, i, range.number(), range.oldest(), range.newest());
    }
    return frame;
  }

  /**
   * Checks what a peer says of itself.
   *
   * @throws TributaryException {@code NOT_TRUSTED} if its certificate bears another name
   */
  static void check(Hello hello, @Nullable PeerIdentity certified, String address) {
    if (certified != null && !certified.name().equals(hello.name())) {
      throw new TributaryException(
          ErrorCode.NOT_TRUSTED,
          "HELLO of "
              + address
              + ": expected the name of its certificate, "
              + certified.name()
              + ", found "
              + hello.name());
    }
  }
}
