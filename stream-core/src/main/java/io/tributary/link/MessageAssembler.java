package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.MessageFrameFlyweight;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together from MESSAGE frames that each passed the decoder. The array grows with
 * what arrives, by doubling, within the link's share.
 */
final class MessageAssembler {
  private static final int FIRST_CAPACITY = 16 * 1024;

  private final InboundShare share;
  private byte[] body = new byte[0];
  private int kind;
  private int total;
  private int arrived;
  private boolean underWay;

  MessageAssembler(InboundShare share) {
    this.share = share;
  }

  /**
   * Copies a frame's payload; the frame stays the caller's.
   *
   * @return the whole body if this frame was its last
   * @throws TributaryException {@code MALFORMED} if the frame doesn't continue what came before, or
   *     what {@link InboundShare#take} throws
   */
  byte @Nullable [] add(ByteBuf frame) {
    int offset = MessageFrameFlyweight.payloadOffset(frame);
    int length = MessageFrameFlyweight.payloadLength(frame);
    if (!underWay) {
      kind = MessageFrameFlyweight.kind(frame);
      total = MessageFrameFlyweight.total(frame);
      arrived = 0;
      underWay = true;
      int first = Math.min(FIRST_CAPACITY, total);
      share.take(first);
      body = new byte[first];
    }
    if (offset != arrived
        || kind != MessageFrameFlyweight.kind(frame)
        || total != MessageFrameFlyweight.total(frame)) {
      throw new TributaryException(
          ErrorCode.MALFORMED,
          "MESSAGE frame: expected byte "
              + arrived
              + " of "
              + total
              + " of kind "
              + kind
              + ", found byte "
              + offset
              + " of "
              + MessageFrameFlyweight.total(frame)
              + " of kind "
              + MessageFrameFlyweight.kind(frame));
    }
    if (arrived + length > body.length) {
      int doubled = (int) Math.min(total, Math.max(2L * body.length, arrived + (long) length));
      share.take(doubled - body.length);
      body = Arrays.copyOf(body, doubled);
    }
    frame.getBytes(MessageFrameFlyweight.payloadIndex(frame), body, arrived, length);
    arrived += length;
    if (arrived < total) {
      return null;
    }
    byte[] whole = body;
    release();
    return whole;
  }

  /** Forgets what has arrived of a message under way. */
  void release() {
    share.drop(body.length);
    body = new byte[0];
    underWay = false;
  }
}
