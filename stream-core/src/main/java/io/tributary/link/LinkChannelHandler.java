package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.FrameDecoder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where Netty's events become those of a {@link ChannelLink}. */
final class LinkChannelHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(LinkChannelHandler.class);

  private final LinkOptions options;
  private final LinkHandler handler;
  private final SocketCounter counter;
  private final boolean client;
  private final Consumer<ChannelLink> made;
  private @Nullable ChannelLink link;

  private LinkChannelHandler(
      LinkOptions options,
      LinkHandler handler,
      SocketCounter counter,
      boolean client,
      Consumer<ChannelLink> made) {
    this.options = options;
    this.handler = handler;
    this.counter = counter;
    this.client = client;
    this.made = made;
  }

  /**
   * Puts a link in front of whatever a pipeline holds.
   *
   * @param made hears of the link when the channel is active, before HELLO
   */
  static void install(
      ChannelPipeline pipeline,
      LinkOptions options,
      LinkHandler handler,
      boolean client,
      Consumer<ChannelLink> made) {
    SocketCounter counter = new SocketCounter();
    pipeline.addFirst(new LinkChannelHandler(options, handler, counter, client, made));
    pipeline.addFirst(new FrameDecoder(options.limits()));
    pipeline.addFirst(counter);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ChannelLink begun = new ChannelLink(context, options, handler, counter, client);
    link = begun;
    made.accept(begun);
    context.fireChannelActive();
    begun.begin();
    if (context.channel() instanceof EpollSocketChannel epoll) {
      // Without it the kernel takes megabytes, and on a thin link everything waits behind them.
      epoll.config().setTcpNotSentLowAt(options.unsentBytes());
    }
    // Reactor Netty reads on demand; here credits bound what arrives, and control frames must never
    // wait for demand.
    context.channel().config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf frame = (ByteBuf) message;
    if (link == null) {
      frame.release();
    } else {
      link.onFrame(frame);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (link != null) {
      link.onWritable();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (link != null) {
      link.onInactive();
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    Throwable cause =
        failure instanceof DecoderException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    ChannelLink current = link;
    if (current == null) {
      var unused = context.close();
    } else if (cause instanceof TributaryException ours) {
      current.end(ours, true);
    } else if (cause instanceof java.io.IOException) {
      current.end(
          new TributaryException(
              ErrorCode.CONNECTION_LOST, "the connection broke: " + cause.getMessage(), cause),
          false);
    } else {
      log.error("defect on {}", context.channel(), cause);
      current.end(new TributaryException(ErrorCode.INTERNAL, "defect: " + cause, cause), true);
    }
  }
}
