package io.tributary.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.agent.split.SplitEvent;
import java.io.File;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitPageTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int STEPS = 20;

  private final SplitPage page = new SplitPage(0, STEPS);
  private final SplitClientView first = new SplitClientView("client-1");
  private final SplitClientView second = new SplitClientView("client-2");

  @AfterEach
  void close() {
    page.close();
  }

  private void report() throws Exception {
    page.begin("fixed, 3 bits", List.of(first, second));
    for (SplitClientView view : List.of(first, second)) {
      view.accept(
          MAPPER.readTree(
              "{\"event\":\"stepped\",\"step\":10,\"loss\":2.5,\"bits\":3.0,"
                  + "\"bytesUp\":1500000,\"bytesDown\":700}"));
      view.accept(
          MAPPER.readTree(
              "{\"event\":\"measured\",\"step\":10,\"loss\":2.25,\"accuracy\":0.3125,"
                  + "\"channels\":[0,0,5,59]}"));
    }
  }

  @Test
  void stateHasAllThatWasReported() throws Exception {
    assertThat(state().path("ways").size()).isZero();
    report();
    JsonNode state = state();
    assertThat(state.path("steps").asInt()).isEqualTo(STEPS);
    JsonNode way = state.path("ways").path(0);
    assertThat(way.path("method").asText()).isEqualTo("fixed, 3 bits");
    JsonNode client = way.path("clients").path(1);
    assertThat(client.path("name").asText()).isEqualTo("client-2");
    assertThat(client.path("now").path("step").asInt()).isEqualTo(10);
    assertThat(client.path("measured").path(0).path("channels").path(3).asInt()).isEqualTo(59);
  }

  @Test
  void whoIsLeftOutIsSaidUntilItMakesAStep() throws Exception {
    report();
    leaveOut("expected 3 of its steps' time, 1.2 s, waited 4.0 s");
    JsonNode client = state().path("ways").path(0).path("clients").path(0);
    assertThat(client.path("away").asBoolean()).isTrue();
    assertThat(client.path("absences").path(0).path("step").asInt()).isEqualTo(10);
    assertThat(client.path("absences").path(0).path("reason").asText()).endsWith("waited 4.0 s");
    assertThat(client.path("absences").path(0).path("back").isNull()).isTrue();
    first.accept(MAPPER.readTree("{\"event\":\"stepped\",\"step\":11}"));
    client = state().path("ways").path(0).path("clients").path(0);
    assertThat(client.path("away").asBoolean()).isFalse();
    assertThat(client.path("absences").path(0).path("back").asInt()).isEqualTo(11);
    first.accept(MAPPER.readTree("{\"event\":\"stepped\",\"step\":12}"));
    client = state().path("ways").path(0).path("clients").path(0);
    assertThat(client.path("absences").path(0).path("back").asInt()).isEqualTo(11);
    assertThat(client.path("timesAbsent").asInt()).isEqualTo(1);
  }

  @Test
  void oftenLeftOutIsCounted() throws Exception {
    report();
    for (int i = 0; i < 2 * SplitClientView.MOST_ABSENCES; i++) {
      leaveOut("reason " + i);
    }
    JsonNode client = state().path("ways").path(0).path("clients").path(0);
    assertThat(client.path("timesAbsent").asInt()).isEqualTo(2 * SplitClientView.MOST_ABSENCES);
    assertThat(client.path("absences")).hasSize(SplitClientView.MOST_ABSENCES);
    assertThat(client.path("absences").path(0).path("reason").asText())
        .isEqualTo("reason " + SplitClientView.MOST_ABSENCES);
  }

  private void leaveOut(String reason) {
    var event = MAPPER.valueToTree(new SplitEvent.Absent("client-1", 10, reason));
    first.leftOut(event);
  }

  private JsonNode state() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(page.url() + "state")).build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }

  @Test
  void otherNamesPathsAndMethodsAreRefused() throws Exception {
    assertThat(answer("GET / HTTP/1.1", "localhost")).contains(" 200 ");
    assertThat(answer("GET / HTTP/1.1", "evil.example")).contains(" 403 ");
    assertThat(answer("GET /../secret HTTP/1.1", "localhost")).contains(" 404 ");
    assertThat(answer("POST / HTTP/1.1", "localhost")).contains(" 405 ");
  }

  private String answer(String request, String host) throws Exception {
    URI url = URI.create(page.url());
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      String text = request + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void browserDrawsAccuracyAndBits(@TempDir Path folder) throws Exception {
    Optional<Path> browser =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .flatMap(place -> Stream.of("chromium", "google-chrome").map(n -> Path.of(place, n)))
            .filter(Files::isExecutable)
            .findFirst();
    if (browser.isEmpty()) {
      if (Boolean.getBoolean("required.browser")) {
        throw new AssertionError("no Chromium on the PATH, but required.browser demands one");
      }
      abort("no Chromium on the PATH (Debian, Ubuntu: apt-get install chromium)");
    }
    leaveOut("it was slow");
    report();
    leaveOut("it waits <b>too</b> long");
    Path dom = folder.resolve("dom.html");
    Process process =
        new ProcessBuilder(
                browser.get().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=3000",
                "--dump-dom",
                page.url())
            .redirectOutput(dom.toFile())
            .redirectError(folder.resolve("log").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readString(dom))
        .contains("Across the cut now: fixed, 3 bits")
        .contains("fixed, 3 bits: 31.3 %")
        .contains("Channels by bits: fixed, 3 bits, client-1")
        .contains("5 of 2 bits, 59 of 3 bits")
        .contains("<td>10 / 20</td><td>2.500</td><td>2.250</td>")
        .contains("<td>1.5 MB</td><td>700 B</td>")
        .contains("<td>client-1</td><td>10</td><td>it waits &lt;b&gt;too&lt;/b&gt; long</td>")
        .contains("<td>away</td>")
        .contains("<td>it was slow</td><td>back since step 10</td>");
  }
}
