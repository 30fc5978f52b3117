package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts bytes next to the sockets of a link, at the head of their pipelines: whatever stands
 * behind it, the figures are those of the link. Safe for any thread.
 */
@ChannelHandler.Sharable
final class SocketCounter extends ChannelDuplexHandler {
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      bytesRead.add(bytes.readableBytes());
    }
    context.fireChannelRead(message);
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // whoever wrote listens to the promise
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      bytesWritten.add(bytes.readableBytes());
    }
    context.write(message, promise);
  }

  /** Adds what another one has counted. */
  void add(SocketCounter other) {
    bytesRead.add(other.bytesRead());
    bytesWritten.add(other.bytesWritten());
  }

  long bytesRead() {
    return bytesRead.sum();
  }

  long bytesWritten() {
    return bytesWritten.sum();
  }
}
