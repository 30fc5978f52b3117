package io.tributary.coordinator.relay;

import io.tributary.coordinator.ship.ModelOffers;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkServer;
import io.tributary.link.RelayGauge;
import io.tributary.link.RelayRoute;
import io.tributary.run.MessageKind;
import io.tributary.run.ModelRequest;
import io.tributary.run.RunDocuments;
import io.tributary.run.ServiceOffer;
import io.tributary.run.ServiceRequest;
import io.tributary.security.LinkSecurity;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator that leads no run: it passes streams on between agents, sends models to readers,
 * and keeps nothing. Safe for any thread.
 */
public final class RelayServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RelayServer.class);

  private final RelayHub hub;
  private final ModelOffers offers;
  private final LinkServer server;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private RelayServer(RelayHub hub, ModelOffers offers, LinkServer server) {
    this.hub = hub;
    this.offers = offers;
    this.server = server;
  }

  /**
   * Begins to listen.
   *
   * @param bytesPerSecond the cap on what is sent to each agent, 0 for none
   * @throws TributaryException {@code INVALID_SETTING} for a port in use
   */
  public static RelayServer start(
      String host,
      int port,
      long bytesPerSecond,
      LinkSecurity security,
      Consumer<RelayEvent> events) {
    return start(host, port, bytesPerSecond, security, new ModelOffers(List.of()), events);
  }

  /**
   * The same, with models for readers.
   *
   * @param offers closed with the server
   */
  public static RelayServer start(
      String host,
      int port,
      long bytesPerSecond,
      LinkSecurity security,
      ModelOffers offers,
      Consumer<RelayEvent> events) {
    var hub = new RelayHub(RelaySettings.HELD_BYTES.get(), events);
    String name = security.encrypts() ? security.own().name() : "coordinator";
    LinkOptions options = LinkOptions.of(name, List.of(), bytesPerSecond).withSecurity(security);
    LinkServer server = LinkServer.bind(host, port, options, new Handler(hub, offers));
    events.accept(
        new RelayEvent.Relaying(server.address().getHostString(), server.address().getPort()));
    return new RelayServer(hub, offers, server);
  }

  /** The port it listens on. */
  public int port() {
    return server.address().getPort();
  }

  /** Counts the bytes that are held and were passed on. */
  public RelayGauge gauge() {
    return hub.gauge();
  }

  /** Waits for {@link #stop}. */
  public void await() {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets {@link #await} return. */
  public void stop() {
    stopped.countDown();
  }

  @Override
  public void close() {
    stop();
    server.close();
    offers.close();
  }

  private record Handler(RelayHub hub, ModelOffers offers) implements LinkHandler {
    @Override
    public void connected(Link link) {}

    @Override
    public void message(Link link, int kind, byte[] body) {
      switch (MessageKind.fromWire(kind).orElse(MessageKind.FAREWELL)) {
        case OFFER -> hub.offer(link, RunDocuments.fromBytes(body, ServiceOffer.class));
        case SEEK -> hub.seek(link, RunDocuments.fromBytes(body, ServiceRequest.class));
        case FETCH -> offers.fetch(link, RunDocuments.fromBytes(body, ModelRequest.class));
        default ->
            throw new TributaryException(
                ErrorCode.PROTOCOL_VIOLATION,
                "a relay leads no run: expected OFFER, SEEK or FETCH, found message kind " + kind);
      }
    }

    @Override
    public void stream(Link link, InboundStream stream) {
      stream.reject(ErrorCode.PROTOCOL_VIOLATION, "a relay takes no streams for itself");
    }

    @Override
    public RelayRoute route(Link from, String name) {
      return hub.route(from, name);
    }

    @Override
    public void disconnected(Link link, Throwable cause) {
      LOG.debug("{} has left: {}", link.peer().name(), cause.getMessage());
    }
  }
}
