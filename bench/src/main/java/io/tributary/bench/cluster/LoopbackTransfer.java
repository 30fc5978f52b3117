package io.tributary.bench.cluster;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import reactor.netty.DisposableChannel;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/** What Netty moves over loopback when nothing is done with the bytes: no frames, no checksums. */
public final class LoopbackTransfer {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PIECE_BYTES = 64 * 1024;
  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final int TRANSFERS = 5;

  private LoopbackTransfer() {}

  /**
   * Bytes a second over so many connections at once, all in one direction: the median of five
   * transfers, after as many as it takes until they are compiled. The first moves half of what the
   * later ones do.
   */
  public static double bytesPerSecond(int connections, long bytesEach) {
    long warm = System.nanoTime() + WARM_UP_NANOS;
    do {
      transfer(connections, bytesEach);
    } while (System.nanoTime() < warm);
    var rates = new double[TRANSFERS];
    for (int i = 0; i < TRANSFERS; i++) {
      long began = System.nanoTime();
      transfer(connections, bytesEach);
      rates[i] = connections * bytesEach / ((System.nanoTime() - began) / 1e9);
    }
    Arrays.sort(rates);
    return rates[TRANSFERS / 2];
  }

  private static void transfer(int connections, long bytesEach) {
    var left = new AtomicLong(connections * bytesEach);
    var done = new CompletableFuture<Void>();
    ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer(PIECE_BYTES).writeZero(PIECE_BYTES);
    DisposableServer server =
        TcpServer.create()
            .host("127.0.0.1")
            .port(0)
            .doOnChannelInit(
                (observer, channel, address) -> channel.pipeline().addFirst(new Drain(left, done)))
            .bindNow();
    List<DisposableChannel> clients = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        clients.add(
            TcpClient.newConnection()
                .host("127.0.0.1")
                .port(server.port())
                .doOnChannelInit(
                    (observer, channel, address) ->
                        channel.pipeline().addFirst(new Source(piece, bytesEach)))
                .connectNow());
      }
      done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
    } catch (ExecutionException | CompletionException | TimeoutException e) {
      throw new TributaryException(ErrorCode.CONNECTION_LOST, "loopback: " + e.getMessage(), e);
    } finally {
      clients.forEach(DisposableChannel::disposeNow);
      server.disposeNow();
      piece.release();
    }
  }

  /** Writes as long as there is room. */
  private static final class Source extends ChannelInboundHandlerAdapter {
    private final ByteBuf piece;
    private long left;

    Source(ByteBuf piece, long bytes) {
      this.piece = piece;
      left = bytes;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      fill(context);
      context.fireChannelActive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      fill(context);
      context.fireChannelWritabilityChanged();
    }

    private void fill(ChannelHandlerContext context) {
      while (left > 0 && context.channel().isWritable()) {
        int length = (int) Math.min(PIECE_BYTES, left);
        left -= length;
        var unused = context.write(piece.retainedSlice(0, length), context.voidPromise());
        if (!context.channel().isWritable() || left == 0) {
          context.flush();
        }
      }
    }
  }

  /** Counts and forgets. */
  private static final class Drain extends ChannelInboundHandlerAdapter {
    private final AtomicLong left;
    private final CompletableFuture<Void> done;

    Drain(AtomicLong left, CompletableFuture<Void> done) {
      this.left = left;
      this.done = done;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.fireChannelActive();
      context.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      if (left.addAndGet(-bytes.readableBytes()) <= 0) {
        done.complete(null);
      }
      bytes.release();
    }
  }
}
