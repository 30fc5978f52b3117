package io.tributary.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;
import reactor.netty.tcp.TcpClient;

/**
 * Keeps a link to one server: connects, and connects again whenever the connection is lost, until
 * it is closed. Between attempts it waits, each time twice as long up to a longest, with a seeded
 * jitter; a connection that outlived the pause before it begins the series anew. Safe for any
 * thread.
 */
public final class LinkClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LinkClient.class);

  private final String address;
  private final LinkOptions options;
  private final LinkHandler handler;
  private final TcpClient tcp;
  private final Object lock = new Object();

  // Guarded by lock.
  private final BackOff backOff;
  private Duration lastPause = Duration.ZERO;
  private @Nullable Disposable attempt;
  private @Nullable ChannelLink current;
  private boolean saidWaiting;
  private int attempts;
  private int retried;
  private boolean closed;

  private LinkClient(String host, int port, LinkOptions options, LinkHandler handler) {
    this.address = host + ":" + port;
    this.options = options;
    this.handler = handler;
    this.backOff =
        new BackOff(
            options.times().firstBackOff(), options.times().lastBackOff(), options.jitterSeed());
    this.tcp =
        TcpClient.newConnection()
            .host(host)
            .port(port)
            .option(ChannelOption.ALLOCATOR, options.allocator())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) options.times().helloPatience().toMillis())
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(options.unsentBytes() / 2, options.unsentBytes()));
  }

  /**
   * Begins to connect and returns at once; {@link LinkHandler#connected} hears of each success.
   *
   * @param host the server's name or address
   * @param port the server's port
   */
  public static LinkClient connect(
      String host, int port, LinkOptions options, LinkHandler handler) {
    LinkClient client = new LinkClient(host, port, options, handler);
    client.attempt();
    return client;
  }

  /** Closes the link, if there is one, and connects no more. */
  @Override
  public void close() {
    Disposable running;
    ChannelLink link;
    synchronized (lock) {
      closed = true;
      running = attempt;
      link = current;
    }
    if (running != null) {
      running.dispose();
    }
    if (link != null) {
      link.close();
    }
  }

  private void install(Channel channel, int number) {
    long since = System.nanoTime();
    LinkChannelHandler.install(
        channel.pipeline(),
        options,
        handler,
        LinkStripes.ofClient(options, this::dial),
        true,
        link -> {
          channel
              .closeFuture()
              .addListener(
                  done -> retry(number, "the connection ended", System.nanoTime() - since));
          if (!adopt(link)) {
            link.close();
          }
        });
  }

  /** Makes one more connection of a link; on its own thread, so that it gets its own event loop. */
  private void dial(StripeConnection connection) {
    var unused =
        tcp.doOnChannelInit((observer, channel, remote) -> connection.install(channel.pipeline()))
            .connect()
            .subscribeOn(Schedulers.parallel())
            .subscribe(made -> {}, failure -> connection.failed());
  }

  /** Makes a new link the current one; false if this client was closed meanwhile. */
  private boolean adopt(ChannelLink link) {
    synchronized (lock) {
      current = link;
      if (saidWaiting) {
        saidWaiting = false;
        log.info("connected to {}", address);
      }
      return !closed;
    }
  }

  private void attempt() {
    options.security().refresh();
    synchronized (lock) {
      if (!closed) {
        int number = ++attempts;
        attempt =
            tcp.doOnChannelInit((observer, channel, remote) -> install(channel, number))
                .connect()
                .subscribe(connection -> {}, failure -> retry(number, reason(failure), 0));
      }
    }
  }

  /** Prepares the next attempt after the one with this number failed or its connection ended. */
  private void retry(int number, String reason, long livedNanos) {
    synchronized (lock) {
      // A connection that breaks at once can report its end and a failure to connect.
      if (closed || number != attempts || number == retried) {
        return;
      }
      retried = number;
      current = null;
      if (livedNanos > lastPause.toNanos()) {
        backOff.reset();
      }
      if (!saidWaiting) {
        saidWaiting = true;
        log.info("waiting for {} ({})", address, reason);
      }
      lastPause = backOff.pause();
      attempt =
          Schedulers.parallel().schedule(this::attempt, lastPause.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private static String reason(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
