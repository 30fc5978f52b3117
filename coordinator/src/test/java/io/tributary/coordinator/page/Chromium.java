package io.tributary.coordinator.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * A browser without a window, steered over its DevTools protocol. It is the Chromium or Chrome on
 * the PATH.
 */
final class Chromium implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final Map<String, BiConsumer<String, JsonNode>> listeners = new ConcurrentHashMap<>();

  private Chromium(Process process, Path profile) throws Exception {
    this.process = process;
    this.profile = profile;
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(devTools(), new Messages())
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** The browser's executable, if there is one. */
  static Optional<Path> find() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts it with a profile of its own, talking to nobody but the pages it is sent to. */
  static Chromium start(Path executable) throws Exception {
    Path profile = Files.createTempDirectory("tributary-chromium");
    var line =
        new ArrayList<>(
            List.of(
                executable.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-sync",
                "--force-color-profile=srgb",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank"));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output.log").toFile())
            .start();
    try {
      return new Chromium(process, profile);
    } catch (Exception e) {
      process.destroyForcibly();
      throw new IllegalStateException(Files.readString(profile.resolve("output.log")), e);
    }
  }

  /** The address that the browser writes into its profile when it listens. */
  private URI devTools() throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file) || Files.readAllLines(file).size() < 2) {
      if (!process.isAlive() || System.nanoTime() > until) {
        throw new IllegalStateException("the browser did not start");
      }
      Thread.sleep(20);
    }
    List<String> lines = Files.readAllLines(file);
    return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
  }

  /** Opens a new, empty tab of the given size in CSS pixels. */
  BrowserTab openTab(int width, int height, double scale) {
    ObjectNode none = MAPPER.createObjectNode();
    String target =
        call("", "Target.createTarget", none.deepCopy().put("url", "about:blank"))
            .path("targetId")
            .asText();
    String session =
        call(
                "",
                "Target.attachToTarget",
                none.deepCopy().put("targetId", target).put("flatten", true))
            .path("sessionId")
            .asText();
    var tab = new BrowserTab(this, session);
    listeners.put(session, tab::hear);
    tab.begin(width, height, scale);
    return tab;
  }

  /** Calls a method and waits for its result. */
  JsonNode call(String session, String method, ObjectNode parameters) {
    int id = calls.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    answers.put(id, answer);
    ObjectNode message = MAPPER.createObjectNode().put("id", id).put("method", method);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    message.set("params", parameters);
    try {
      synchronized (socket) {
        socket.sendText(message.toString(), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      JsonNode found = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (found.has("error")) {
        throw new IllegalStateException(method + ": " + found.path("error"));
      }
      return found.path("result");
    } catch (Exception e) {
      throw new IllegalStateException(method, e);
    }
  }

  private void hear(String text) {
    try {
      JsonNode message = MAPPER.readTree(text);
      if (message.has("id")) {
        CompletableFuture<JsonNode> answer = answers.remove(message.path("id").asInt());
        if (answer != null) {
          answer.complete(message);
        }
      } else {
        BiConsumer<String, JsonNode> listener = listeners.get(message.path("sessionId").asText());
        if (listener != null) {
          listener.accept(message.path("method").asText(), message.path("params"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    // Its children may still be writing; what they leave is the temporary folder's.
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      process.destroyForcibly();
    }
  }

  /** Puts the parts of messages together. */
  private final class Messages implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        hear(whole);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }
  }
}
