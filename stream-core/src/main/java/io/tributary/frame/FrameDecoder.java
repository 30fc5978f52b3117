package io.tributary.frame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into frames and lets pass only those whose every field is within its layout
 * and this side's limits; the next handler releases them. A frame that came whole leaves as a
 * retained slice of what was read. Only one that a read broke off is copied, to a buffer of its own
 * length.
 *
 * <p>All limits are checked on the header alone, before room is made for the frame or its bytes are
 * awaited, so a peer can't make this side hold more than the longest frame and one read of the
 * socket.
 *
 * <p>The first offence ends the stream of frames: it is thrown as {@link
 * io.tributary.error.TributaryException} with {@code MALFORMED}, {@code LIMIT_EXCEEDED}, {@code
 * TOO_OLD} or {@code TOO_NEW}, and everything after it is dropped unread. No other exception leaves
 * this class, whatever the bytes.
 *
 * <p>Belongs to one channel and its event loop.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {
  private final FrameLimits limits;

  /** What has come of a frame whose rest hasn't. */
  private @Nullable ByteBuf begun;

  private boolean first = true;
  private boolean failed;

  /** A decoder at the beginning of a connection: it expects a HELLO or a STRIPE. */
  public FrameDecoder(FrameLimits limits) {
    this.limits = limits;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf in)) {
      context.fireChannelRead(message);
      return;
    }
    try {
      while (!failed && in.isReadable()) {
        ByteBuf frame = next(context, in);
        if (frame != null) {
          context.fireChannelRead(frame);
        }
      }
    } finally {
      in.release();
    }
  }

  /** The next frame, the caller's to release, or null if it isn't whole yet. */
  private @Nullable ByteBuf next(ChannelHandlerContext context, ByteBuf in) {
    boolean passed = false;
    try {
      ByteBuf frame = begun == null ? whole(in) : null;
      if (frame == null) {
        frame = continued(context, in);
      }
      passed = true;
      first = first && frame == null;
      return frame;
    } finally {
      if (!passed) {
        failed = true;
        release();
      }
    }
  }

  /** The next frame as a slice, or null if it doesn't lie in this read as a whole. */
  private @Nullable ByteBuf whole(ByteBuf in) {
    if (in.readableBytes() < FrameHeaderFlyweight.HEADER_LENGTH) {
      return null;
    }
    FrameType type = FrameFormat.checkHeader(in, first);
    int length = (int) FrameHeaderFlyweight.length(in);
    if (in.readableBytes() < length) {
      return null;
    }
    check(type, in);
    return in.readRetainedSlice(length);
  }

  /** Copies what has come of a frame to what came before; returns the frame if that is all. */
  private @Nullable ByteBuf continued(ChannelHandlerContext context, ByteBuf in) {
    ByteBuf frame = begun;
    if (frame == null) {
      frame = context.alloc().buffer(FrameHeaderFlyweight.HEADER_LENGTH);
      begun = frame;
    }
    if (!fill(frame, in, FrameHeaderFlyweight.HEADER_LENGTH)) {
      return null;
    }
    FrameType type = FrameFormat.checkHeader(frame, first);
    int length = (int) FrameHeaderFlyweight.length(frame);
    if (frame.capacity() < length) {
      frame.capacity(length);
    }
    if (!fill(frame, in, length)) {
      return null;
    }
    check(type, frame);
    begun = null;
    return frame;
  }

  /** Moves bytes until a frame has {@code length}; whether it does. */
  private static boolean fill(ByteBuf frame, ByteBuf in, int length) {
    int missing = Math.max(0, length - frame.readableBytes());
    frame.writeBytes(in, Math.min(missing, in.readableBytes()));
    return frame.readableBytes() >= length;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    release();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    release();
  }

  private void release() {
    if (begun != null) {
      begun.release();
      begun = null;
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
      case STRIPE -> StripeFrameFlyweight.check(frame);
      case TURN -> TurnFrameFlyweight.check(frame);
      case PING, PONG -> {
        // Every nonce is valid, and the length is fixed.
      }
    }
  }
}
