package io.tributary.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The live page of a split demo, on loopback alone: accuracy over steps for each way across the
 * cut, bits a channel as a histogram, bytes, clients that were left out and why. Browsers ask for
 * the state once a second.
 *
 * <p>It answers GET of fixed paths under the names of loopback, and repeats nothing of a request.
 * Safe for any thread.
 */
final class SplitPage implements AutoCloseable {
  /** A name that points here from elsewhere is no name of ours (DNS rebinding). */
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127\\.0\\.0\\.1)(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private static final String STATE = "/state";
  private static final int MOST_CONNECTIONS = 64;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final int steps;
  private final List<Way> ways = new CopyOnWriteArrayList<>();
  private final Map<String, Resource> files =
      Map.of(
          "/", Resource.of("split.html", "text/html; charset=utf-8"),
          "/split.css", Resource.of("split.css", "text/css; charset=utf-8"),
          "/split.js", Resource.of("split.js", "text/javascript; charset=utf-8"));
  private final LoopResources loops = LoopResources.create("split-http", 1, true);
  private final Scheduler thread = Schedulers.newSingle("split-page", true);
  private final DisposableServer server;

  /** One of the demo's runs and its clients. */
  private record Way(String method, List<SplitClientView> clients) {}

  /** A file of the page. */
  @SuppressWarnings("ArrayRecordComponent") // read whole, never compared
  private record Resource(String type, byte[] bytes) {
    static Resource of(String name, String type) {
      try (InputStream in = SplitPage.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new FileNotFoundException("resource " + name + " is missing from the build");
        }
        return new Resource(type, in.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Begins to serve.
   *
   * @param port the port, 0 for any free one
   * @param steps of each client
   */
  SplitPage(int port, int steps) {
    this.steps = steps;
    server =
        HttpServer.create()
            .bindAddress(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .runOn(loops)
            .maxConnections(MOST_CONNECTIONS)
            .idleTimeout(Duration.ofSeconds(30))
            .requestTimeout(Duration.ofSeconds(10))
            .handle(this::answer)
            .bindNow();
  }

  /** The page's URL. */
  String url() {
    return "http://127.0.0.1:" + server.port() + "/";
  }

  /** Tells of a run that begins. */
  void begin(String method, List<SplitClientView> clients) {
    ways.add(new Way(method, List.copyOf(clients)));
  }

  @Override
  public void close() {
    server.disposeNow(Duration.ofSeconds(1));
    thread.dispose();
    loops.dispose();
  }

  private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    HttpHeaders headers = response.responseHeaders();
    headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    List<String> hosts = request.requestHeaders().getAll(HttpHeaderNames.HOST);
    if (hosts.size() != 1 || !LOOPBACK.matcher(hosts.get(0)).matches()) {
      return response.status(HttpResponseStatus.FORBIDDEN).keepAlive(false).send();
    }
    if (!request.method().equals(HttpMethod.GET)) {
      return response.status(HttpResponseStatus.METHOD_NOT_ALLOWED).keepAlive(false).send();
    }
    if (request.uri().equals(STATE)) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
      return response.send(
          Mono.fromCallable(() -> state().getBytes(StandardCharsets.UTF_8))
              .subscribeOn(thread)
              .map(Unpooled::wrappedBuffer));
    }
    Resource file = files.get(request.uri());
    if (file == null) {
      return response.status(HttpResponseStatus.NOT_FOUND).keepAlive(false).send();
    }
    headers.set(HttpHeaderNames.CONTENT_TYPE, file.type());
    return response.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(file.bytes())));
  }

  private String state() {
    ObjectNode state = MAPPER.createObjectNode().put("steps", steps);
    ArrayNode all = state.putArray("ways");
    for (Way way : ways) {
      ArrayNode clients = all.addObject().put("method", way.method()).putArray("clients");
      for (SplitClientView view : way.clients()) {
        ObjectNode client = clients.addObject().put("name", view.name());
        JsonNode now = view.now();
        if (now != null) {
          client.set("now", now);
        }
        client.putArray("measured").addAll(view.measurements());
        client.put("away", view.isAway()).put("timesAbsent", view.timesAbsent());
        client.set("absences", MAPPER.valueToTree(view.absences()));
      }
    }
    return state.toString();
  }
}
