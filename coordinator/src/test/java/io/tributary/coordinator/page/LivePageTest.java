package io.tributary.coordinator.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.coordinator.Gauge;
import io.tributary.coordinator.RunEvent;
import io.tributary.error.TributaryException;
import io.tributary.security.LinkSecurity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's server, asked as browsers and as others would. */
class LivePageTest {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final LivePage page = LivePage.open("127.0.0.1", 0, LinkSecurity.none(), null);
  private final ScriptedRun run = new ScriptedRun(page);

  @AfterEach
  void closePage() {
    page.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "page.css", "page.js"})
  void servesItsFiles(String path) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isNotBlank();
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .matches("text/(html|css|javascript); charset=utf-8");
    assertThat(response.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
    assertThat(response.headers().firstValue("x-content-type-options")).hasValue("nosniff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "favicon.ico",
        "page.html",
        "events/",
        "?x=<script>alert(1)</script>",
        "../page.js",
        "%2e%2e/page.js",
        "page/LivePage.class"
      })
  void hasNothingElse(String path) throws Exception {
    String response = raw("GET /" + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(response).startsWith("HTTP/1.1 404 ").doesNotContain("alert", "LivePage");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"})
  void answersOnlyGet(String method) throws Exception {
    String response =
        raw(method + " /events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
    assertThat(response).startsWith("HTTP/1.1 405 ").containsIgnoringCase("allow: GET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example\r\n",
        "Host: evil.example:8080\r\n",
        "Host: localhost.evil.example\r\n",
        "Host: 127.0.0.1.evil.example\r\n",
        "Host: 10.0.0.7\r\n",
        "Host: localhost\r\nHost: evil.example\r\n",
        "Host:\r\n",
        ""
      })
  void refusesNamesThatAreNotItsOwn(String host) throws Exception {
    for (String path : List.of("/", "/events", "/page.js", "/gauges", "/metrics")) {
      assertThat(raw("GET " + path + " HTTP/1.1\r\n" + host + "\r\n"))
          .matches(text -> text.startsWith("HTTP/1.1 403 ") || text.startsWith("HTTP/1.1 400 "))
          .doesNotContain("evil", "event-stream", "<html");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:1", "LOCALHOST:8080", "127.0.0.1", "[::1]:8080"})
  void answersToItsOwnNames(String host) throws Exception {
    assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void servesGaugesAsJsonAndForPrometheus() throws Exception {
    assertThat(get("gauges").body()).as("before there are any").isEqualTo("{}\n");
    page.measure(
        () ->
            List.of(
                new Gauge("heap_used_bytes", "Heap in use.", 123),
                new Gauge("links", "Connections.", 0)));
    HttpResponse<String> json = get("gauges");
    assertThat(json.headers().firstValue("content-type").orElse("")).startsWith("application/json");
    assertThat(json.body()).isEqualTo("{\"heap_used_bytes\":123,\"links\":0}\n");
    HttpResponse<String> text = get("metrics");
    assertThat(text.headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    assertThat(text.body())
        .isEqualTo(
            """
            # HELP tributary_heap_used_bytes Heap in use.
            # TYPE tributary_heap_used_bytes gauge
            tributary_heap_used_bytes 123
            # HELP tributary_links Connections.
            # TYPE tributary_links gauge
            tributary_links 0
            """);
  }

  @Test
  void onAllAddressesItAnswersToAddressesButNotToNames() throws Exception {
    try (LivePage open = LivePage.open("0.0.0.0", 0, LinkSecurity.none(), null)) {
      int port = URI.create(open.url()).getPort();
      assertThat(raw(port, "GET / HTTP/1.1\r\nHost: 10.0.0.7:80\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 200 ");
      assertThat(raw(port, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
          .startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void aPortInUseIsSaidSo() {
    int port = URI.create(page.url()).getPort();
    assertThatThrownBy(() -> LivePage.open("127.0.0.1", port, LinkSecurity.none(), null))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("already in use");
  }

  @Test
  void replaysWhatWasAndGoesOnWithWhatComes() throws Exception {
    run.begin(List.of("a", "b"));
    run.step(0, "a", 1);
    try (EventReader reader = new EventReader(client, page.url(), null)) {
      assertThat(reader.response().headers().firstValue("content-type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(reader.next().path("event").asText()).isEqualTo("history");
      assertThat(reader.next().path("event").asText()).isEqualTo("began");
      assertThat(reader.next("joined").path("agent").asText()).isEqualTo("a");
      assertThat(reader.next("joined").path("agent").asText()).isEqualTo("b");
      assertThat(reader.next().path("step").asInt()).isEqualTo(1);
      long sent = System.nanoTime();
      run.step(1, "b", 77);
      assertThat(reader.next().path("step").asInt()).isEqualTo(77);
      assertThat(System.nanoTime() - sent).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }
  }

  @Test
  void aBrowserThatComesBackHearsOnlyWhatIsNew() throws Exception {
    run.begin(List.of("a"));
    String known;
    try (EventReader reader = new EventReader(client, page.url(), null)) {
      reader.next("joined");
      known = reader.lastId();
    }
    run.step(0, "a", 5);
    try (EventReader reader = new EventReader(client, page.url(), known)) {
      assertThat(reader.next().path("step").asInt()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"another-process-12", "-", "x", "999999999999999999999"})
  void anIdOfAnotherProcessMeansToBeginAnew(String id) throws Exception {
    run.begin(List.of("a"));
    try (EventReader reader = new EventReader(client, page.url(), id)) {
      assertThat(reader.next().path("event").asText()).isEqualTo("history");
      assertThat(reader.next().path("event").asText()).isEqualTo("began");
    }
  }

  /** A browser that takes nothing costs nothing, and hears the latest when it takes again. */
  @Test
  void aSlowBrowserDelaysNobodyAndSkipsToTheLatest() throws Exception {
    run.begin(List.of("a", "b"));
    try (var slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), URI.create(page.url()).getPort()));
      slow.getOutputStream().write(ascii("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      await(() -> page.browsers() == 1);
      int steps = 200_000;
      long began = System.nanoTime();
      long slowest = 0;
      for (int step = 1; step <= steps; step++) {
        long before = System.nanoTime();
        run.step(step % 2, "ab".substring(step % 2, step % 2 + 1), step);
        slowest = Math.max(slowest, System.nanoTime() - before);
      }
      assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(20));
      assertThat(slowest).as("one call").isLessThan(TimeUnit.SECONDS.toNanos(2));
      try (EventReader quick = new EventReader(client, page.url(), null)) {
        JsonNode event = quick.next("progressed");
        while (event.path("step").asInt() < steps) {
          event = quick.next("progressed");
        }
      }
      String all = readUntil(slow.getInputStream(), "\"step\":" + steps + ",");
      assertThat(all.length())
          .as("all reports would be some %d bytes", steps * 120L)
          .isLessThan(steps * 120 / 3);
    }
    await(() -> page.browsers() == 0);
  }

  @Test
  void browsersThatLeaveAreForgotten() throws Exception {
    EventReader reader = new EventReader(client, page.url(), null);
    reader.next("history");
    assertThat(page.browsers()).isEqualTo(1);
    reader.close();
    run.begin(List.of("a"));
    await(() -> page.browsers() == 0);
  }

  @Test
  void theLastWordsAreHeardBeforeThePageCloses() throws Exception {
    try (EventReader reader = new EventReader(client, page.url(), null)) {
      reader.next("history");
      run.begin(List.of("a"));
      run.finish();
      long began = System.nanoTime();
      page.close();
      assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(4));
      assertThat(reader.next("finished").path("rounds").asInt()).isEqualTo(6);
      await(reader::ended);
    }
  }

  @Test
  void tooManyPagesAreRefused() throws Exception {
    var sockets = new java.util.ArrayList<Socket>();
    try {
      for (int i = 0; i < 64; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(page.url()).getPort());
        socket.getOutputStream().write(ascii("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        sockets.add(socket);
      }
      await(() -> page.browsers() == 64);
      assertThat(get("events").statusCode()).isEqualTo(503);
      assertThat(get("").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void namesOfAgentsAreDataAndNothingElse() throws Exception {
    String hostile = "</script>\n\ndata: [{}]\n\"\u2028";
    page.accept(new RunEvent.Joined(0, hostile, 1, 1));
    try (EventReader reader = new EventReader(client, page.url(), null)) {
      assertThat(reader.next("joined").path("agent").asText()).isEqualTo(hostile);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(page.url() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String raw(String request) throws IOException {
    return raw(URI.create(page.url()).getPort(), request);
  }

  /** Sends these bytes and returns all that comes until the server closes. */
  private static String raw(int port, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(ascii(request));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String readUntil(InputStream in, String end) {
    var lines = new Scanner(in, StandardCharsets.UTF_8).useDelimiter("\n");
    var text = new StringBuilder();
    while (text.indexOf(end, Math.max(0, text.length() - 100_000)) < 0) {
      text.append(lines.next());
    }
    return text.toString();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.sleep(10);
    }
  }
}
