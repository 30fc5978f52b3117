package io.tributary.coordinator.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Listens to server-sent events as a browser does. */
final class EventReader implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
  private final HttpResponse<InputStream> response;
  private volatile String lastId = "";
  private volatile boolean ended;

  EventReader(HttpClient client, String url, @Nullable String lastEventId) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "events"));
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    var reader = new Thread(this::read, "reader of events");
    reader.setDaemon(true);
    reader.start();
  }

  HttpResponse<InputStream> response() {
    return response;
  }

  String lastId() {
    return lastId;
  }

  boolean ended() {
    return ended;
  }

  private void read() {
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          lastId = line.substring(4);
        } else if (line.startsWith("data: ")) {
          MAPPER.readTree(line.substring(6)).forEach(events::add);
        }
      }
    } catch (IOException e) {
      // The server or the test has closed the connection.
    }
    ended = true;
  }

  /** The next event; fails if none comes. */
  JsonNode next() throws InterruptedException {
    JsonNode event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    if (event == null) {
      throw new AssertionError("no event within " + PATIENCE);
    }
    return event;
  }

  /** The next event of the name; others are passed over. */
  JsonNode next(String name) throws InterruptedException {
    JsonNode event = next();
    while (!event.path("event").asText().equals(name)) {
      event = next();
    }
    return event;
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
