package io.tributary.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.bench.ChildProcess;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A demo of split learning: a relay, and for each codec a server and its clients, each a process
 * behind a slow link; then the table.
 */
final class SplitDemo implements AutoCloseable {
  private static final long SHOW_EVERY_NANOS = 5_000_000_000L;
  private static final long START_SECONDS = 60;
  private static final int HELD_OUT_WINDOWS = 32;
  private static final int MEASUREMENTS = 4;
  private static final String ROW = "%-24s %10s %10s %9s %10s %10s %12s%n";

  private final int clients;
  private final int steps;
  private final String link;
  private final long seed;
  private final boolean uShape;
  private final Path folder;
  private final PrintWriter out;
  private final List<ChildProcess> children = Collections.synchronizedList(new ArrayList<>());
  private long above;
  private volatile boolean closed;

  SplitDemo(
      int clients,
      int steps,
      String link,
      long seed,
      boolean uShape,
      Path folder,
      PrintWriter out) {
    this.clients = clients;
    this.steps = steps;
    this.link = link;
    this.seed = seed;
    this.uShape = uShape;
    this.folder = folder;
    this.out = out;
  }

  /** Runs everything; returns the figures and prints them. */
  SplitDemoFigures run(@Nullable SplitPage page) {
    long began = System.nanoTime();
    if (page != null) {
      out.println("live page: " + page.url());
    }
    out.printf(
        Locale.ROOT,
        "a server and %d clients, links of %s, %d steps each, a small GPT cut behind its first layer%s%n",
        clients,
        link,
        steps,
        uShape ? " and before its output" : "");
    out.println("logs: " + folder);
    var port = new CompletableFuture<Integer>();
    List<String> command = List.of("relay", "--port", "0", "--events", "--link", link);
    ChildProcess relay =
        start(
            "relay",
            command,
            event -> {
              if (event.path("event").asText().equals("relaying")) {
                port.complete(event.path("port").asInt());
              }
            });
    int listening = await(port, relay);
    var rows = new ArrayList<SplitDemoFigures.Row>();
    long below = 0;
    for (SplitDemoMethod method : SplitDemoMethod.all()) {
      out.println();
      out.println(method.name() + ":");
      List<SplitClientView> views = train(method, listening, page);
      rows.add(row(method, views));
      below = views.get(0).parameters();
    }
    relay.close();
    var figures =
        new SplitDemoFigures(
            clients,
            steps,
            link,
            seed,
            uShape,
            HELD_OUT_WINDOWS,
            below,
            above,
            rows,
            (System.nanoTime() - began) / 1e9);
    print(figures);
    return figures;
  }

  private List<SplitClientView> train(SplitDemoMethod method, int port, @Nullable SplitPage page) {
    String run = method.codec().replace(':', '-') + "-" + (int) method.bits();
    List<String> server = new ArrayList<>(List.of("split", "server", "--events"));
    server.addAll(List.of("--coordinator", "127.0.0.1:" + port, "--name", "server"));
    server.addAll(List.of("--clients", "" + clients, "--steps", "" + steps));
    server.addAll(List.of("--codec", method.codec(), "--bits", "" + method.bits()));
    server.addAll(List.of("--start-bits", "" + method.startBits()));
    server.addAll(List.of("--link", link, "--seed", "" + seed));
    if (uShape) {
      server.add("--u-shape");
    }
    List<SplitClientView> views =
        IntStream.rangeClosed(1, clients)
            .mapToObj(i -> new SplitClientView("client-" + i))
            .toList();
    List<ChildProcess> processes = new ArrayList<>();
    processes.add(start(run + "-server", server, event -> serverSays(event, views)));
    for (int i = 1; i <= clients; i++) {
      SplitClientView view = views.get(i - 1);
      List<String> client = new ArrayList<>(List.of("split", "client", "--events"));
      client.addAll(List.of("--coordinator", "127.0.0.1:" + port, "--name", "client-" + i));
      client.addAll(List.of("--link", link, "--heldout", "" + HELD_OUT_WINDOWS));
      client.addAll(List.of("--measure-every", "" + Math.max(1, steps / MEASUREMENTS)));
      processes.add(start(run + "-client-" + i, client, event -> clientSays(event, view)));
    }
    if (page != null) {
      page.begin(method.name(), views);
    }
    show(processes, views);
    return views;
  }

  private void clientSays(JsonNode event, SplitClientView view) {
    boolean wasAway = view.isAway();
    view.accept(event);
    if (wasAway && !view.isAway()) {
      out.println(view.name() + " is back with step " + event.path("step").asInt());
    }
  }

  private void serverSays(JsonNode event, List<SplitClientView> views) {
    switch (event.path("event").asText()) {
      case "serving" -> above = event.path("parameters").asLong();
      case "absent" -> {
        String client = event.path("client").asText();
        views.stream()
            .filter(view -> view.name().equals(client))
            .forEach(view -> view.leftOut(event));
        out.println(client + " is left out: " + event.path("reason").asText());
      }
      default -> {}
    }
  }

  private SplitDemoFigures.Row row(SplitDemoMethod method, List<SplitClientView> views) {
    return new SplitDemoFigures.Row(
        method.name(),
        method.codec(),
        method.bits(),
        mean(views, v -> v.stepped().path("bits").asDouble()),
        SplitClientView.channels(views.get(0).measured()),
        mean(views, v -> v.measured().path("loss").asDouble()),
        mean(views, v -> v.measured().path("accuracy").asDouble()),
        (long) (clients * mean(views, v -> v.done().path("bytesUp").asDouble())),
        (long) (clients * mean(views, v -> v.done().path("bytesDown").asDouble())),
        views.stream().mapToDouble(v -> v.done().path("trainSeconds").asDouble()).max().orElse(0),
        views.stream().mapToInt(SplitClientView::timesAbsent).sum(),
        views.stream().flatMap(view -> view.absences().stream()).toList());
  }

  private static double mean(
      List<SplitClientView> views, ToDoubleFunction<SplitClientView> figure) {
    return views.stream().mapToDouble(figure).average().orElse(0);
  }

  private void print(SplitDemoFigures figures) {
    out.println();
    out.printf(
        Locale.ROOT, ROW, "", "held-out", "accuracy", "bits end", "bytes", "of fp16", "trained");
    long whole =
        figures.rows().stream()
            .filter(row -> row.codec().equals("fp16"))
            .mapToLong(SplitDemoFigures.Row::bytes)
            .sum();
    for (SplitDemoFigures.Row row : figures.rows()) {
      out.printf(
          Locale.ROOT,
          ROW,
          row.method(),
          String.format(Locale.ROOT, "%.3f", row.heldoutLoss()),
          String.format(Locale.ROOT, "%.1f %%", 100 * row.accuracy()),
          String.format(Locale.ROOT, "%.2f", row.bitsAtEnd()),
          ByteText.of(row.bytes()),
          String.format(Locale.ROOT, "%.0f %%", 100.0 * row.bytes() / whole),
          String.format(Locale.ROOT, "%.0f s", row.trainSeconds()));
    }
    out.printf(
        Locale.ROOT,
        "held-out loss in nats a byte, through the cut; one seed, so small differences mean nothing; %.0f s in all%n",
        figures.wallSeconds());
  }

  private ChildProcess start(String name, List<String> command, Consumer<JsonNode> events) {
    ChildProcess child = ChildProcess.start(name, folder, command, events);
    children.add(child);
    return child;
  }

  private void show(List<ChildProcess> processes, List<SplitClientView> views) {
    long shown = System.nanoTime();
    while (processes.stream().anyMatch(ChildProcess::isAlive)) {
      processes.forEach(ChildProcess::check);
      if (System.nanoTime() - shown >= SHOW_EVERY_NANOS) {
        shown = System.nanoTime();
        views.forEach(view -> out.println(view.line(steps)));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
      }
    }
    processes.forEach(ChildProcess::await);
    views.forEach(view -> out.println(view.line(steps)));
    out.println(views.get(0).histogram());
    out.flush();
  }

  private static <T> T await(CompletableFuture<T> event, ChildProcess process) {
    for (int waited = 0; waited < START_SECONDS * 10; waited++) {
      try {
        return event.get(100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        process.check();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new TributaryException(
        ErrorCode.INTERNAL, "the relay said nothing for " + START_SECONDS + " s");
  }

  /** Whether it was closed, be it before its end. */
  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    synchronized (children) {
      children.parallelStream().forEach(ChildProcess::close);
    }
  }
}
