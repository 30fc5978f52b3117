package io.tributary.bench.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * Netty and nothing else between two sockets: what is read from one is written to the other, and no
 * more is read than is written. What two hops cost at least.
 */
final class BareProxy implements SocketWay.Proxy {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final DisposableServer server;
  private final Connection far;

  /** A proxy to a port of this machine, for one connection. */
  BareProxy(int to) {
    far = TcpClient.newConnection().host("127.0.0.1").port(to).connectNow();
    server =
        TcpServer.create()
            .host("127.0.0.1")
            .port(0)
            .doOnChannelInit(
                (observer, channel, address) ->
                    channel.pipeline().addFirst(new PassOn(far.channel())))
            .bindNow();
  }

  @Override
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    far.disposeNow(PATIENCE);
    server.disposeNow(PATIENCE);
  }

  /** Writes what it reads to another channel, and waits while that has no room. */
  private static final class PassOn extends ChannelInboundHandlerAdapter {
    private final Channel to;

    PassOn(Channel to) {
      this.to = to;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      to.pipeline()
          .addFirst(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelWritabilityChanged(ChannelHandlerContext far) {
                  context.channel().config().setAutoRead(far.channel().isWritable());
                }
              });
      context.fireChannelActive();
      context.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      var unused = to.write(bytes, to.voidPromise());
      if (!to.isWritable()) {
        context.channel().config().setAutoRead(false);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      to.flush();
    }
  }
}
