package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts a byte stream into frames and lets pass only those whose every field is within its layout
 * and this side's limits. Each frame leaves as a retained slice; the next handler releases it.
 *
 * <p>All limits are checked on the header alone, before the frame's bytes are awaited, so a peer
 * can't make this side hold more than the longest frame and one read of the socket.
 *
 * <p>The first offence ends the stream of frames: it is thrown as {@link
 * io.tributary.error.TributaryException} (within Netty's {@code DecoderException}) with {@code
 * MALFORMED}, {@code LIMIT_EXCEEDED}, {@code TOO_OLD} or {@code TOO_NEW}, and everything after it
 * is dropped unread. No other exception leaves this class, whatever the bytes.
 *
 * <p>Belongs to one channel and its event loop.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
  private final FrameLimits limits;
  private boolean first = true;
  private boolean failed;

  /** A decoder at the beginning of a connection: it expects a HELLO. */
  public FrameDecoder(FrameLimits limits) {
    this.limits = limits;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (failed) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (in.readableBytes() < FrameHeaderFlyweight.HEADER_LENGTH) {
      return;
    }
    boolean passed = false;
    try {
      FrameType type = FrameFormat.checkHeader(in, first);
      int length = (int) FrameHeaderFlyweight.length(in);
      if (in.readableBytes() < length) {
        passed = true;
        return;
      }
      check(type, in);
      passed = true;
      first = false;
      out.add(in.readRetainedSlice(length));
    } finally {
      failed = !passed;
    }
  }

  /** Checks the body of a frame that is complete from {@code frame}'s reader index on. */
  private void check(FrameType type, ByteBuf frame) {
    switch (type) {
      case HELLO -> HelloFrameFlyweight.check(frame);
      case OPEN -> OpenFrameFlyweight.check(frame);
      case DATA -> DataFrameFlyweight.check(frame, limits);
      case CLOSE -> CloseFrameFlyweight.check(frame);
      case CANCEL -> CancelFrameFlyweight.check(frame);
      case CREDIT -> CreditFrameFlyweight.check(frame);
      case ACK -> AckFrameFlyweight.check(frame);
      case RESUME -> ResumeFrameFlyweight.check(frame);
      case ERROR -> ErrorFrameFlyweight.check(frame);
      case MESSAGE -> MessageFrameFlyweight.check(frame, limits);
      case PING, PONG -> {
        // Every nonce is valid, and the length is fixed.
      }
    }
  }
}
