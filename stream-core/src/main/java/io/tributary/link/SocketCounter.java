package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Counts bytes next to the socket, at the head of the pipeline: whatever stands behind it, the
 * figures are those of the link. Written by the event loop, read by any thread.
 */
final class SocketCounter extends ChannelDuplexHandler {
  private volatile long bytesRead;
  private volatile long bytesWritten;

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      bytesRead += bytes.readableBytes();
    }
    context.fireChannelRead(message);
  }

  @Override
  // One writer; whoever wrote listens to the promise.
  @SuppressWarnings({"NonAtomicVolatileUpdate", "FutureReturnValueIgnored"})
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      bytesWritten += bytes.readableBytes();
    }
    context.write(message, promise);
  }

  long bytesRead() {
    return bytesRead;
  }

  long bytesWritten() {
    return bytesWritten;
  }
}
