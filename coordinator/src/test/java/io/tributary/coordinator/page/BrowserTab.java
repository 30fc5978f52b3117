package io.tributary.coordinator.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One tab of {@link Chromium}: what it asked for, what it complained about, what it shows. */
final class BrowserTab {
  private final Chromium browser;
  private final String session;
  private final List<URI> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

  BrowserTab(Chromium browser, String session) {
    this.browser = browser;
    this.session = session;
  }

  void begin(int width, int height, double scale) {
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      call(domain + ".enable", parameters());
    }
    call(
        "Emulation.setDeviceMetricsOverride",
        parameters()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", scale)
            .put("mobile", false));
  }

  /** Makes pages believe that their reader prefers {@code light} or {@code dark}. */
  void prefer(String scheme) {
    ObjectNode media = parameters().put("media", "screen");
    media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
    call("Emulation.setEmulatedMedia", media);
  }

  void open(String url) {
    call("Page.navigate", parameters().put("url", url));
  }

  /** The value of a JavaScript expression as text. */
  String evaluate(String expression) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            parameters()
                .put("expression", "String(" + expression + ")")
                .put("returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value").asText();
  }

  /** Waits until an expression is true; fails with what the page shows instead. */
  void await(String expression, long millis) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!evaluate("document.readyState === 'complete' && (" + expression + ")").equals("true")) {
      if (System.nanoTime() > until) {
        throw new AssertionError(
            "not within "
                + millis
                + " ms: "
                + expression
                + "; the page shows:\n"
                + evaluate("document.body.innerText"));
      }
      Thread.sleep(10);
    }
  }

  /** A picture of what is seen, as PNG. */
  byte[] picture() {
    JsonNode taken = call("Page.captureScreenshot", parameters().put("format", "png"));
    return Base64.getDecoder().decode(taken.path("data").asText());
  }

  /** All that was asked for from a network. */
  List<URI> requests() {
    return List.copyOf(requests);
  }

  /** Exceptions, errors and warnings of the console. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  void hear(String method, JsonNode event) {
    switch (method) {
      case "Network.requestWillBeSent" -> {
        String url = event.path("request").path("url").asText();
        if (!url.startsWith("data:")) {
          requests.add(URI.create(url));
        }
      }
      case "Network.webSocketCreated" -> requests.add(URI.create(event.path("url").asText()));
      case "Runtime.exceptionThrown" -> complaints.add(event.path("exceptionDetails").toString());
      case "Runtime.consoleAPICalled" -> complaints.add(event.path("args").toString());
      case "Log.entryAdded" -> complaints.add(event.path("entry").toString());
      default -> {}
    }
  }

  private JsonNode call(String method, ObjectNode parameters) {
    return browser.call(session, method, parameters);
  }

  private static ObjectNode parameters() {
    return JsonNodeFactory.instance.objectNode();
  }
}
