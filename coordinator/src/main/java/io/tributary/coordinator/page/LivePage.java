package io.tributary.coordinator.page;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tributary.coordinator.Gauge;
import io.tributary.coordinator.RunEvent;
import io.tributary.error.Errors;
import io.tributary.security.LinkSecurity;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * Serves the live page of a run over HTTP: the page's files, the run's events as server-sent
 * events, and the coordinator's gauges.
 *
 * <p>The run's thread calls {@link #accept}, which only adds to a bounded history. One thread of
 * the page's own writes what each browser lacks, a message at a time: the next one is made when the
 * last one has left. The event loop is the page's own too, so browsers never delay agents.
 *
 * <p>It answers GET of fixed paths, asked for under the server's own names and with its login if it
 * has one, and repeats nothing that came in a request. Safe for any thread.
 */
public final class LivePage implements Consumer<RunEvent>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);
  private static final String EVENTS = "/events";

  /** Gauges by the path under which they are served. */
  private static final Map<String, GaugeTexts> GAUGES =
      Map.of("/gauges", GaugeTexts.JSON, "/metrics", GaugeTexts.PROMETHEUS);

  /** How long news wait to be told together. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** How long a message may take to leave before the browser is given up. */
  private static final Duration WRITE_PATIENCE = Duration.ofSeconds(60);

  /** How long browsers have to hear the last events when the page ends. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final int MOST_BROWSERS = 64;
  private static final int MOST_CONNECTIONS = 256;

  /** Only the page's own files run, and they talk to nobody but this server. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final RunHistory history =
      new RunHistory(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  private final String name = UUID.randomUUID().toString();
  private final Map<String, PageFile> files = PageFile.all();
  private final AtomicInteger browsers = new AtomicInteger();
  private final Scheduler thread = Schedulers.newSingle("coordinator-page", true);
  private final LoopResources loops = LoopResources.create("coordinator-http", 1, true);
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final String host;
  private final LocalNames names;
  private final boolean encrypts;
  private final @Nullable PageLogin login;
  private final DisposableServer server;
  private volatile Supplier<List<Gauge>> gauges = List::of;
  private volatile boolean closing;

  private LivePage(String host, int port, LinkSecurity security, @Nullable PageLogin login) {
    this.host = host;
    this.login = login;
    var wanted = new InetSocketAddress(host, port);
    if (wanted.isUnresolved()) {
      throw Errors.invalidSetting("address of the page", host, "an address of this machine");
    }
    names = LocalNames.of(host, wanted.getAddress());
    encrypts = security.encrypts() && !wanted.getAddress().isLoopbackAddress();
    HttpServer plain =
        HttpServer.create()
            .bindAddress(() -> wanted)
            .runOn(loops)
            .channelGroup(channels)
            .protocol(HttpProtocol.HTTP11)
            .maxConnections(MOST_CONNECTIONS)
            .idleTimeout(Duration.ofSeconds(30))
            .requestTimeout(Duration.ofSeconds(10))
            // Browsers send the cookies of all that runs on localhost.
            .httpRequestDecoder(limits -> limits.maxInitialLineLength(1024).maxHeaderSize(32_768))
            .handle(this::answer);
    HttpServer http =
        encrypts ? plain.secure(tls -> tls.sslContext(security.contextForBrowsers())) : plain;
    try {
      server = http.bindNow();
    } catch (RuntimeException e) {
      thread.dispose();
      loops.dispose();
      throw Errors.invalidSetting(
          "address of the page", host + ":" + port + " (" + reason(e) + ")", "a free local one");
    }
    if (login == null && !address().getAddress().isLoopbackAddress()) {
      LOG.warn("everyone who reaches {} port {} can read the page", host, address().getPort());
    }
  }

  /**
   * Begins to serve a page that knows nothing yet; blocks until it is served.
   *
   * @param host the address to listen on
   * @param port the port, 0 for any free one
   * @param security where there are keys, an address beyond loopback is served over TLS, with the
   *     coordinator's certificate
   * @param login what browsers must show, null for nothing
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if they can't be listened
   *     on, most often because another process does
   */
  public static LivePage open(
      String host, int port, LinkSecurity security, @Nullable PageLogin login) {
    return new LivePage(host, port, security, login);
  }

  /** The page's URL. */
  public String url() {
    String shown = address().getAddress().isAnyLocalAddress() ? "127.0.0.1" : host;
    String scheme = encrypts ? "https://" : "http://";
    return scheme + LocalNames.written(shown) + ":" + address().getPort() + "/";
  }

  /** Tells the page what has just happened; never waits for a browser. */
  @Override
  public void accept(RunEvent event) {
    history.add(event);
  }

  /**
   * Tells the page where its gauges come from; it has none before.
   *
   * @param source called on the page's thread for each request
   */
  public void measure(Supplier<List<Gauge>> source) {
    gauges = source;
  }

  /** How many browsers listen to the events. */
  int browsers() {
    return browsers.get();
  }

  /** Lets browsers hear what they lack, for a second at most, and serves no more. */
  @Override
  public void close() {
    closing = true;
    try {
      server.disposeNow(LAST_WORDS);
    } catch (IllegalStateException e) {
      LOG.debug("some browsers didn't hear the end", e);
    }
    channels.close().awaitUninterruptibly(LAST_WORDS.toMillis());
    thread.dispose();
    loops.dispose();
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) server.address();
  }

  private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    HttpHeaders headers = response.responseHeaders();
    headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    if (!names.allow(request.requestHeaders().getAll(HttpHeaderNames.HOST))) {
      return refuse(
          response,
          HttpResponseStatus.FORBIDDEN,
          "This page answers to localhost and to the address that it was given.");
    }
    if (login != null
        && !login.allows(request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION))) {
      headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"tributary\", charset=\"UTF-8\"");
      return refuse(
          response, HttpResponseStatus.UNAUTHORIZED, "This page is for those with its password.");
    }
    if (!request.method().equals(HttpMethod.GET)) {
      headers.set(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
      return refuse(response, HttpResponseStatus.METHOD_NOT_ALLOWED, "Only GET is answered here.");
    }
    if (request.uri().equals(EVENTS)) {
      return tell(request, response);
    }
    GaugeTexts form = GAUGES.get(request.uri());
    if (form != null) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, form.type());
      return response.send(
          Mono.fromSupplier(() -> ByteBufUtil.writeUtf8(response.alloc(), form.of(gauges.get())))
              .subscribeOn(thread));
    }
    PageFile file = files.get(request.uri());
    if (file == null) {
      return refuse(response, HttpResponseStatus.NOT_FOUND, "Nothing is here; the page is at /");
    }
    headers.set(HttpHeaderNames.CONTENT_TYPE, file.type());
    return response.send(Mono.fromSupplier(file::content));
  }

  private static Publisher<Void> refuse(
      HttpServerResponse response, HttpResponseStatus status, String sentence) {
    // What else this client has sent, a body perhaps, is not worth reading.
    response.status(status).keepAlive(false);
    response.header(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    return response.send(
        Mono.fromSupplier(
            () -> Unpooled.wrappedBuffer((sentence + "\n").getBytes(StandardCharsets.UTF_8))));
  }

  private Publisher<Void> tell(HttpServerRequest request, HttpServerResponse response) {
    if (browsers.incrementAndGet() > MOST_BROWSERS) {
      browsers.decrementAndGet();
      return refuse(
          response,
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          MOST_BROWSERS + " pages are open already; close one.");
    }
    var feed = new EventFeed(history, name, request.requestHeaders().get("Last-Event-ID"));
    return response
        .sse()
        .sendHeaders()
        .then()
        .then(
            Mono.defer(() -> tellNext(feed, response))
                .repeat(() -> !closing || !feed.complete())
                .then())
        .doFinally(end -> browsers.decrementAndGet());
  }

  /** Completes when the next message, if there is one, has left. */
  private Mono<Void> tellNext(EventFeed feed, HttpServerResponse response) {
    return Mono.delay(feed.complete() ? PAUSE : Duration.ZERO, thread)
        .mapNotNull(tick -> feed.next())
        .flatMap(
            message ->
                // A Flux of one: a Mono would be taken for the whole response.
                response
                    .send(
                        Flux.defer(
                            () -> Flux.just(ByteBufUtil.writeUtf8(response.alloc(), message))),
                        each -> true)
                    .then()
                    .timeout(WRITE_PATIENCE, thread))
        .onErrorResume(
            TimeoutException.class,
            slow -> {
              LOG.debug("a browser took nothing for {}", WRITE_PATIENCE);
              response.withConnection(connection -> connection.dispose());
              return Mono.empty();
            });
  }

  /** The innermost cause says more than "failed to bind". */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
