package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.codec.CodecRange;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.HelloFrameFlyweight;
import java.nio.charset.StandardCharsets;

/** What this side says of itself. */
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
}
