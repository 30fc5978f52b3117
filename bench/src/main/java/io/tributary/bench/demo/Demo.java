package io.tributary.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.bench.ChildProcess;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * One demo: the run itself, then each agent alone, then data parallelism if asked for, then the
 * figures.
 */
final class Demo implements AutoCloseable {
  private static final long SHOW_EVERY_NANOS = 5_000_000_000L;
  private static final long START_SECONDS = 60;
  private static final String PROMPT = "public static ";

  private final DemoPlan plan;
  private final PrintWriter out;
  private final List<ChildProcess> children = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean closed;

  Demo(DemoPlan plan, PrintWriter out) {
    this.plan = plan;
    this.out = out;
  }

  /** What the run itself yielded. */
  private record RunOutcome(JsonNode coordinator, List<AgentView> agents) {}

  /** Runs everything; returns the figures and prints them. */
  DemoFigures run() {
    long began = System.nanoTime();
    out.printf(
        Locale.ROOT,
        "%d agents, links of %s, %d steps, an exchange of each fragment every %s steps, %s%n",
        plan.agents(),
        plan.link(),
        plan.steps(),
        plan.interval(),
        plan.codec());
    out.println("logs and data: " + plan.folder());
    RunOutcome together = together();
    out.println();
    out.println("each agent alone, with no exchange:");
    List<AgentView> alone = alone();
    AgentView dataParallel = null;
    if (plan.baseline()) {
      out.println();
      out.println("data parallelism, all windows in one process, no link:");
      dataParallel = dataParallel();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    DemoFigures figures = figures(together, alone, dataParallel, seconds);
    new DemoTable(out)
        .print(
            plan,
            figures,
            together.agents().get(0).evaluated(),
            bestOf(alone).evaluated(),
            dataParallel);
    checkEqual(figures);
    return figures;
  }

  private RunOutcome together() {
    var port = new CompletableFuture<Integer>();
    var end = new CompletableFuture<JsonNode>();
    ChildProcess coordinator =
        start(
            "coordinator",
            plan.coordinatorCommand(),
            event -> {
              if (event.path("event").asText().equals("serving")) {
                out.println("live page: " + event.path("url").asText());
              } else if (event.path("event").asText().equals("listening")) {
                port.complete(event.path("port").asInt());
              } else if (event.path("event").asText().equals("finished")) {
                end.complete(event);
              }
            });
    int listening = await(port, coordinator);
    List<AgentView> views = new ArrayList<>();
    List<ChildProcess> agents = new ArrayList<>();
    for (int i = 0; i < plan.agents(); i++) {
      var view = new AgentView(DemoPlan.agentName(i));
      views.add(view);
      // Agents take their places in the order in which they join; the first one evaluates.
      agents.add(
          start(
              DemoPlan.agentName(i),
              plan.agentCommand(i, listening, i == 0 ? PROMPT : ""),
              view::accept));
    }
    List<ChildProcess> all = new ArrayList<>(agents);
    all.add(coordinator);
    show(all, views);
    return new RunOutcome(await(end, coordinator), views);
  }

  /** As many processes as processors, each of which trains some agents one after the other. */
  private List<AgentView> alone() {
    List<AgentView> views = new ArrayList<>();
    for (int i = 0; i < plan.agents(); i++) {
      views.add(new AgentView(DemoPlan.agentName(i)));
    }
    int atOnce = Math.min(plan.agents(), Math.max(1, Runtime.getRuntime().availableProcessors()));
    List<ChildProcess> processes = new ArrayList<>();
    for (int first = 0; first < atOnce; first++) {
      List<Integer> shares = new ArrayList<>();
      for (int i = first; i < plan.agents(); i += atOnce) {
        shares.add(i);
      }
      List<String> command = plan.trainCommand(shares, PROMPT);
      command.add("--each");
      processes.add(
          start(
              "alone-" + (first + 1),
              command,
              new Turns(shares.stream().map(views::get).toList())));
    }
    show(processes, views);
    return views;
  }

  /** Hands a process's events to one view after the other; the event "evaluated" ends a turn. */
  private static final class Turns implements Consumer<JsonNode> {
    private final List<AgentView> views;
    private int turn;

    Turns(List<AgentView> views) {
      this.views = views;
    }

    @Override
    public void accept(JsonNode event) {
      views.get(turn).accept(event);
      if (event.path("event").asText().equals("evaluated")) {
        turn++;
      }
    }
  }

  private AgentView dataParallel() {
    var view = new AgentView("data-parallel");
    List<Integer> shares = IntStream.range(0, plan.agents()).boxed().toList();
    show(
        List.of(start("data-parallel", plan.trainCommand(shares, PROMPT), view::accept)),
        List.of(view));
    return view;
  }

  private ChildProcess start(String name, List<String> command, Consumer<JsonNode> events) {
    ChildProcess child = ChildProcess.start(name, plan.folder(), command, events);
    children.add(child);
    return child;
  }

  /**
   * Shows the views every few seconds until all processes have ended; fails as soon as one fails.
   */
  private void show(List<ChildProcess> processes, List<AgentView> views) {
    long shown = System.nanoTime();
    while (processes.stream().anyMatch(ChildProcess::isAlive)) {
      processes.forEach(ChildProcess::check);
      if (System.nanoTime() - shown >= SHOW_EVERY_NANOS) {
        shown = System.nanoTime();
        views.forEach(view -> out.println(view.line(plan.steps())));
      }
      pause();
    }
    processes.forEach(ChildProcess::await);
    views.forEach(view -> out.println(view.line(plan.steps())));
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
    }
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
        ErrorCode.INTERNAL, "the coordinator said nothing for " + START_SECONDS + " s");
  }

  private DemoFigures figures(
      RunOutcome together,
      List<AgentView> alone,
      @org.jspecify.annotations.Nullable AgentView dataParallel,
      double seconds) {
    List<JsonNode> finished = together.agents().stream().map(AgentView::finished).toList();
    long up = finished.stream().mapToLong(f -> f.path("bytesUp").asLong()).sum();
    long down = finished.stream().mapToLong(f -> f.path("bytesDown").asLong()).sum();
    long parameters = together.agents().get(0).parameters();
    long dp = 2L * 2L * parameters * plan.steps() * plan.agents();
    List<String> checksums = new ArrayList<>();
    checksums.add(together.coordinator().path("fingerprint").asText());
    finished.forEach(f -> checksums.add(f.path("fingerprint").asText()));
    List<Integer> exchanges =
        StreamSupport.stream(
                together.coordinator().path("exchangesPerFragment").spliterator(), false)
            .map(JsonNode::asInt)
            .toList();
    JsonNode evaluated = together.agents().get(0).evaluated();
    return new DemoFigures(
        plan.agents(),
        plan.steps(),
        plan.interval().last(),
        exchanges.size(),
        plan.codec(),
        plan.seed(),
        evaluated.path("lossStart").asDouble(),
        evaluated.path("lossEnd").asDouble(),
        bestOf(alone).evaluated().path("lossEnd").asDouble(),
        dataParallel == null ? null : dataParallel.evaluated().path("lossEnd").asDouble(),
        up,
        down,
        dp,
        (double) dp / (up + down),
        checksums,
        together.coordinator().path("rounds").asInt(),
        exchanges,
        parameters,
        finished.stream().mapToDouble(f -> f.path("trainSeconds").asDouble()).max().orElse(0),
        seconds);
  }

  private static AgentView bestOf(List<AgentView> alone) {
    return Collections.min(
        alone, Comparator.comparingDouble(v -> v.evaluated().path("lossEnd").asDouble()));
  }

  private static void checkEqual(DemoFigures figures) {
    if (figures.thetaChecksums().stream().distinct().count() != 1) {
      throw new TributaryException(
          ErrorCode.DIVERGED,
          "the outer parameters differ between processes: " + figures.thetaChecksums());
    }
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
