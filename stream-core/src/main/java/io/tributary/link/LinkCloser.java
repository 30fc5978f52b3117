package io.tributary.link;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.tributary.error.TributaryException;
import io.tributary.frame.ErrorFrameFlyweight;
import org.jspecify.annotations.Nullable;

/**
 * Closes a link's socket so that the peer reads all that was meant for it.
 *
 * <p>What should still leave is written, then the output is shut down, and what comes in is read
 * and dropped until the peer has closed too, for as long as {@link Linger} allows: closing a socket
 * with unread bytes would reset it, and a reset could take the last frames along.
 */
final class LinkCloser {
  private final ChannelHandlerContext context;
  private final FrameScheduler scheduler;
  private final LinkStripes stripes;

  LinkCloser(ChannelHandlerContext context, FrameScheduler scheduler, LinkStripes stripes) {
    this.context = context;
    this.scheduler = scheduler;
    this.stripes = stripes;
  }

  /**
   * Begins to close; the channel's close future says when it is done.
   *
   * @param complaint what to tell the peer instead of all that waits; null to send what waits
   * @param stranger whether the peer hasn't said HELLO: nothing much can be on its way to it, and
   *     it must not hold a socket for long
   */
  void close(@Nullable TributaryException complaint, boolean stranger) {
    if (!context.channel().isActive()) {
      closeNow();
      return;
    }
    stripes.linger(stranger, this::closeNow);
    if (complaint == null) {
      scheduler.drain(
          () -> {
            scheduler.release();
            shutdownAfter(context.writeAndFlush(Unpooled.EMPTY_BUFFER));
          });
    } else {
      scheduler.release();
      shutdownAfter(
          context.writeAndFlush(
              ErrorFrameFlyweight.encode(
                  context.alloc(),
                  0,
                  complaint.code().number(),
                  String.valueOf(complaint.getMessage()))));
    }
  }

  private void shutdownAfter(ChannelFuture written) {
    written.addListener(
        done -> {
          if (context.channel() instanceof DuplexChannel duplex && duplex.isActive()) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
          } else {
            closeNow();
          }
        });
  }

  private void closeNow() {
    scheduler.release();
    var unused = context.close();
  }
}
