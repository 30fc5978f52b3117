package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameDecoder;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.StripeFrameFlyweight;
import io.tributary.security.LinkSecurity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One more connection of a link, on an event loop of its own, where TLS is done and frames are cut;
 * they go on to the link's event loop in the order in which they came.
 *
 * <p>It reads no further while much of what it has read waits for its turn.
 */
final class StripeConnection extends ChannelInboundHandlerAdapter {
  private final LinkStripes owner;
  private final int number;
  private final StripeGrants.Token token;
  private final AtomicInteger waiting = new AtomicInteger();
  private List<ByteBuf> batch = new ArrayList<>();
  private @Nullable ScheduledFuture<?> patience;
  private boolean greeted;
  private boolean begun;
  private boolean dropping;
  private volatile boolean paused;
  private volatile @Nullable Channel channel;

  private StripeConnection(
      LinkStripes owner, int number, StripeGrants.Token token, @Nullable Channel accepted) {
    this.owner = owner;
    this.number = number;
    this.token = token;
    this.channel = accepted;
    this.begun = accepted != null;
  }

  /** A connection that a client is about to make. */
  static StripeConnection dialled(LinkStripes owner, int number, StripeGrants.Token token) {
    return new StripeConnection(owner, number, token, null);
  }

  /** A connection that a server has accepted and found to be this link's. */
  static StripeConnection accepted(
      LinkStripes owner, int number, StripeGrants.Token token, Channel channel) {
    return new StripeConnection(owner, number, token, channel);
  }

  int number() {
    return number;
  }

  /** The channel, which is there when the link hears of the connection. */
  Channel channel() {
    Channel made = channel;
    if (made == null) {
      throw new IllegalStateException("connection " + number + " isn't made yet");
    }
    return made;
  }

  /** Prepares the channel of a client. */
  void install(ChannelPipeline pipeline) {
    LinkOptions options = owner.options();
    pipeline.addFirst(this);
    pipeline.addFirst(new FrameDecoder(options.limits()));
    if (options.security().encrypts()) {
      pipeline.addFirst(
          options.security().handler(options.allocator(), true, options.times().helloPatience()));
    }
    pipeline.addFirst(owner.counter());
  }

  // ---- the beginning, at a client

  @Override
  public void channelActive(ChannelHandlerContext context) {
    channel = context.channel();
    patience =
        context
            .executor()
            .schedule(
                () -> {
                  if (!begun) {
                    var unused = context.close();
                  }
                },
                owner.options().times().helloPatience().toMillis(),
                TimeUnit.MILLISECONDS);
    context.fireChannelActive();
    LinkChannelHandler.tune(context.channel(), owner.options());
    if (!owner.options().security().encrypts()) {
      say(context);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && !begun) {
      boolean same =
          handshake.isSuccess()
              && owner
                  .identity()
                  .equals(Optional.of(LinkSecurity.peer(context.pipeline().get(SslHandler.class))));
      if (same) {
        say(context);
      } else {
        var unused = context.close();
      }
    }
    context.fireUserEventTriggered(event);
  }

  private void say(ChannelHandlerContext context) {
    var unused = context.writeAndFlush(frame(context.alloc()));
  }

  /** Says whose connection this is; the other side answers with the same. */
  ByteBuf frame(ByteBufAllocator allocator) {
    return StripeFrameFlyweight.encode(allocator, number, token.high(), token.low());
  }

  /** A server says HELLO, and then what it was told, or why it refuses. */
  private void answer(ChannelHandlerContext context, ByteBuf frame) {
    FrameType type = FrameHeaderFlyweight.type(frame);
    if (type == FrameType.HELLO && !greeted) {
      greeted = owner.isFrom(Hello.of(frame));
    } else if (type == FrameType.STRIPE && greeted && isOurs(frame)) {
      begun = true;
      if (patience != null) {
        patience.cancel(false);
      }
      owner.later(() -> owner.opened(this));
      return;
    } else if (type == FrameType.ERROR) {
      owner.complain(
          number,
          Errors.fromWire(ErrorFrameFlyweight.code(frame), ErrorFrameFlyweight.text(frame)));
    }
    if (!greeted || type != FrameType.HELLO) {
      var unused = context.close();
    }
  }

  private boolean isOurs(ByteBuf frame) {
    return StripeFrameFlyweight.connection(frame) == number
        && StripeFrameFlyweight.tokenHigh(frame) == token.high()
        && StripeFrameFlyweight.tokenLow(frame) == token.low();
  }

  /** The connection couldn't be made. Any thread. */
  void failed() {
    owner.later(() -> owner.left(this));
  }

  // ---- what comes

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf frame = (ByteBuf) message;
    if (dropping) {
      frame.release();
    } else if (begun) {
      batch.add(frame);
      read(frame.readableBytes());
    } else {
      try {
        answer(context, frame);
      } finally {
        frame.release();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    handOver();
    context.fireChannelReadComplete();
  }

  private void handOver() {
    if (!batch.isEmpty()) {
      List<ByteBuf> frames = batch;
      batch = new ArrayList<>();
      if (!owner.later(() -> owner.take(this, frames))) {
        frames.forEach(ByteBuf::release);
      }
    }
  }

  private void read(int bytes) {
    if (waiting.addAndGet(bytes) > owner.mostWaiting() && !paused) {
      LinkStripes.readOn(channel(), false);
      paused = true;
      resume();
    }
  }

  /** So many bytes wait no longer. Called on the link's event loop. */
  void passed(int bytes) {
    // One side writes "waiting" and reads "paused", the other the reverse: one of them sees both.
    if (waiting.addAndGet(-bytes) <= owner.mostWaiting() / 2 && paused) {
      channel().eventLoop().execute(this::resume);
    }
  }

  private void resume() {
    if (paused && waiting.get() <= owner.mostWaiting() / 2) {
      paused = false;
      LinkStripes.readOn(channel(), true);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (begun && context.channel().isWritable()) {
      owner.later(owner::hasRoom);
    }
    context.fireChannelWritabilityChanged();
  }

  // ---- the end

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    handOver();
    owner.later(() -> owner.left(this));
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    if (begun && failure instanceof TributaryException offence) {
      owner.later(
          () -> {
            throw offence;
          });
    }
    var unused = context.close();
  }

  /** Reads on and drops what comes. */
  void drop() {
    Channel made = channel;
    if (made != null) {
      made.eventLoop()
          .execute(
              () -> {
                dropping = true;
                if (paused) {
                  LinkStripes.readOn(made, true);
                }
              });
    }
  }

  /** Closes the connection when what was written has left and the other side has closed it. */
  void finish(Duration most) {
    Channel made = channel;
    if (made == null || !made.isActive()) {
      return;
    }
    made.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              if (made instanceof DuplexChannel duplex && duplex.isActive()) {
                var unused = duplex.shutdownOutput();
              }
            });
    var unused = made.eventLoop().schedule(this::close, most.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Closes the connection, over which nothing more comes. */
  void close() {
    Channel made = channel;
    if (made != null) {
      var unused = made.close();
    }
  }
}
