package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.frame.MessageFrameFlyweight;
import java.util.concurrent.atomic.AtomicLong;

/** A message that waits or is being cut into frames. */
final class OutboundMessage {
  private final int kind;
  private final byte[] body;
  private final AtomicLong queuedBytes;
  private int offset;
  private boolean written;

  /** A message whose length was added to {@code queuedBytes} and is taken off by {@link #done}. */
  OutboundMessage(int kind, byte[] body, AtomicLong queuedBytes) {
    this.kind = kind;
    this.body = body;
    this.queuedBytes = queuedBytes;
  }

  ByteBuf nextFrame(ByteBufAllocator allocator, int maxPayload) {
    int length = Math.min(maxPayload, body.length - offset);
    ByteBuf frame = MessageFrameFlyweight.encode(allocator, kind, body, offset, length);
    offset += length;
    written = offset == body.length;
    return frame;
  }

  boolean isWritten() {
    return written;
  }

  /** Called once, when the message has left or is dropped. */
  void done() {
    queuedBytes.addAndGet(-body.length);
  }
}
