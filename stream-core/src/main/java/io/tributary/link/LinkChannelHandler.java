package io.tributary.link;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.FrameDecoder;
import io.tributary.security.LinkSecurity;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where Netty's events, but for frames, become those of a {@link ChannelLink}. */
final class LinkChannelHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(LinkChannelHandler.class);

  /** A busy link reads in few large pieces, an idle one takes little room. */
  private static final int FIRST_READ_BYTES = 2048;

  private static final int LARGEST_READ_BYTES = 256 * 1024;

  /** After so many reads the event loop looks at its other links. */
  private static final int READS_A_TURN = 4;

  private final LinkOptions options;
  private final LinkHandler handler;
  private final LinkStripes stripes;
  private final boolean client;
  private final Consumer<ChannelLink> made;
  private @Nullable ChannelLink link;

  private LinkChannelHandler(
      LinkOptions options,
      LinkHandler handler,
      LinkStripes stripes,
      boolean client,
      Consumer<ChannelLink> made) {
    this.options = options;
    this.handler = handler;
    this.stripes = stripes;
    this.client = client;
    this.made = made;
  }

  /**
   * Puts a link in front of whatever a pipeline holds.
   *
   * @param stripes the connections that the link may have, of which this is the first
   * @param made hears of the link when the channel is active, before HELLO
   */
  static void install(
      ChannelPipeline pipeline,
      LinkOptions options,
      LinkHandler handler,
      LinkStripes stripes,
      boolean client,
      Consumer<ChannelLink> made) {
    pipeline.addFirst(new LinkChannelHandler(options, handler, stripes, client, made));
    pipeline.addFirst(stripes);
    pipeline.addFirst(new FrameDecoder(options.limits()));
    if (options.security().encrypts()) {
      pipeline.addFirst(
          options.security().handler(options.allocator(), client, options.times().helloPatience()));
    }
    pipeline.addFirst(stripes.counter());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ChannelLink begun = new ChannelLink(context, options, handler, stripes, client);
    link = begun;
    stripes.carry(begun);
    made.accept(begun);
    context.fireChannelActive();
    if (!options.security().encrypts()) {
      begun.begin();
    }
    tune(context.channel(), options);
  }

  /** How a connection of a link reads and writes. */
  static void tune(Channel channel, LinkOptions options) {
    if (channel instanceof EpollSocketChannel epoll) {
      // Without it the kernel takes megabytes, and on a thin link everything waits behind them.
      epoll.config().setTcpNotSentLowAt(options.unsentBytes());
    }
    channel
        .config()
        .setRecvByteBufAllocator(
            new AdaptiveRecvByteBufAllocator(FIRST_READ_BYTES, FIRST_READ_BYTES, LARGEST_READ_BYTES)
                .maxMessagesPerRead(READS_A_TURN));
    // Reactor Netty reads on demand; here credits bound what arrives, and control frames must never
    // wait for demand.
    channel.config().setAutoRead(true);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    ChannelLink begun = link;
    if (begun != null && event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        begun.identified(LinkSecurity.peer(context.pipeline().get(SslHandler.class)));
        begun.begin();
      } else {
        begun.end(untrusted(handshake.cause()), false);
      }
    }
    context.fireUserEventTriggered(event);
  }

  /** What a failed handshake means to the people at this end. */
  private static TributaryException untrusted(Throwable failure) {
    if (failure instanceof NotSslRecordException) {
      return new TributaryException(
          ErrorCode.NOT_TRUSTED,
          "expected TLS, found a peer without: give both ends keys",
          failure);
    }
    if (failure instanceof java.nio.channels.ClosedChannelException
        || failure instanceof SslHandshakeTimeoutException) {
      return new TributaryException(
          ErrorCode.CONNECTION_LOST, "the connection ended during the TLS handshake", failure);
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new TributaryException(
        ErrorCode.NOT_TRUSTED, "TLS handshake: " + root.getMessage(), failure);
  }

  /** A record that TLS refuses from a peer that was trusted: its bytes were changed on the way. */
  private static TributaryException changed(Throwable failure) {
    return new TributaryException(
        ErrorCode.CONNECTION_LOST, "TLS refuses what came: " + failure.getMessage(), failure);
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
    } else if (cause instanceof SSLException) {
      current.end(current.isIntroduced() ? changed(cause) : untrusted(cause), false);
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
