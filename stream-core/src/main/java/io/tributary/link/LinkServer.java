package io.tributary.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.security.LinkSecurity;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

/** Listens for peers and makes a {@link Link} of each connection. Safe for any thread. */
public final class LinkServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LinkServer.class);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
  private static final long REFRESH_SECONDS = 1;

  private final Links links;
  private final DisposableServer server;
  private final Disposable watch;

  private LinkServer(Links links, DisposableServer server, Disposable watch) {
    this.links = links;
    this.server = server;
    this.watch = watch;
  }

  /** The links of a server, and whether there may be more of them. */
  private static final class Links {
    private final Set<ChannelLink> open = ConcurrentHashMap.newKeySet();
    private final int most = LinkSettings.MAX_LINKS.get();
    private final int mostStrangers = LinkSettings.MAX_HANDSHAKES.get();
    private volatile boolean closed;

    /** Whether there may be one more: who opens connections and says nothing costs little. */
    boolean full() {
      int count = open.size();
      return count >= most
          || (count >= mostStrangers
              && open.stream().filter(link -> !link.isIntroduced()).count() >= mostStrangers);
    }

    /** Further connections of links take no more than half: links come first. */
    boolean hasRoomForStripes() {
      return open.size() < most / 2;
    }

    /** Ends the links of those whose certificates have been revoked since. */
    void refresh(LinkSecurity security) {
      security.refresh();
      for (ChannelLink link : open) {
        link.identity()
            .filter(security::isRevoked)
            .ifPresent(
                peer ->
                    link.fail(
                        ErrorCode.NOT_TRUSTED, "the certificate of " + peer + " has been revoked"));
      }
    }

    LinkLoad load() {
      int count = 0;
      int in = 0;
      int out = 0;
      long bytesIn = 0;
      long bytesOut = 0;
      for (ChannelLink link : open) {
        LinkHoldings holds = link.holdings();
        count++;
        in += holds.streams().inboundCount();
        out += holds.streams().outboundCount();
        bytesIn += holds.inbound().held();
        bytesOut += holds.messages().get() + holds.chunks().get();
      }
      return new LinkLoad(count, in, out, bytesIn, bytesOut);
    }

    void add(ChannelLink link, Channel channel) {
      open.add(link);
      // Not before the link has ended too, which a channel tells it of when it is closed already.
      channel
          .closeFuture()
          .addListener(
              done -> {
                var unused = link.onClose().subscribe(e -> {}, e -> {}, () -> open.remove(link));
              });
      if (closed) {
        // It slipped in while the server was closing.
        link.close();
      }
    }

    /** Begins to close them all, and tells when they have ended. */
    Mono<Void> close() {
      closed = true;
      List<ChannelLink> last = List.copyOf(open);
      last.forEach(ChannelLink::close);
      return Mono.when(last.stream().map(ChannelLink::onClose).toList());
    }
  }

  /**
   * Begins to listen; blocks until it does.
   *
   * @param host the address to listen on, {@code 0.0.0.0} for all
   * @param port the port, 0 for any free one
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if host and port can't be
   *     listened on, most often because another process does
   */
  public static LinkServer bind(String host, int port, LinkOptions options, LinkHandler handler) {
    Links links = new Links();
    var grants = new StripeGrants(links::hasRoomForStripes);
    TcpServer tcp =
        TcpServer.create()
            .host(host)
            .port(port)
            .childOption(ChannelOption.ALLOCATOR, options.allocator())
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(options.unsentBytes() / 2, options.unsentBytes()))
            .doOnChannelInit(
                (observer, channel, address) -> {
                  if (links.full()) {
                    log.warn("{} is turned away: too many connections", channel.remoteAddress());
                    var unused = channel.close();
                    return;
                  }
                  LinkChannelHandler.install(
                      channel.pipeline(),
                      options,
                      handler,
                      LinkStripes.ofServer(options, grants),
                      false,
                      link -> links.add(link, channel));
                });
    try {
      DisposableServer server = tcp.bindNow();
      Disposable watch =
          options.security().encrypts()
              ? Schedulers.boundedElastic()
                  .schedulePeriodically(
                      () -> links.refresh(options.security()),
                      REFRESH_SECONDS,
                      REFRESH_SECONDS,
                      TimeUnit.SECONDS)
              : Disposables.disposed();
      return new LinkServer(links, server, watch);
    } catch (RuntimeException e) {
      throw new TributaryException(
          ErrorCode.INVALID_SETTING,
          "can't listen on "
              + host
              + ":"
              + port
              + ": expected a free port of this machine, found "
              + reason(e)
              + "; choose another port or stop the process that holds it",
          e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.address();
  }

  /** What its links hold now. */
  public LinkLoad load() {
    return links.load();
  }

  /**
   * Listens no more and closes every link. Where blocking is allowed, returns when the port is free
   * again and all links have ended, so that nothing of what they used is used any more; a link that
   * takes longer than 5 s ends later.
   */
  @Override
  public void close() {
    watch.dispose();
    server.dispose();
    Mono<Void> ended = links.close();
    if (!Schedulers.isInNonBlockingThread()) {
      Mono.when(server.onDispose(), ended)
          .timeout(
              CLOSE_PATIENCE,
              Mono.fromRunnable(
                  () ->
                      log.warn("{} links haven't ended in {}", links.open.size(), CLOSE_PATIENCE)))
          .block();
    }
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    // Depending on the transport, Reactor Netty keeps the cause or leaves it out.
    return root instanceof ChannelBindException
        ? "it in use, or not an address of this machine"
        : String.valueOf(root.getMessage());
  }
}
