package io.tributary.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.bench.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A child process with the events it has said so far. */
final class WatchedProcess implements AutoCloseable {
  /** Far more than anything takes, on a machine with much else to do. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String name;
  private final List<JsonNode> events = new ArrayList<>();
  private final ChildProcess process;

  WatchedProcess(String name, Path folder, List<String> command) {
    this(name, folder, List.of(), command);
  }

  /** With options of its JVM. */
  WatchedProcess(String name, Path folder, List<String> jvm, List<String> command) {
    this.name = name;
    process = ChildProcess.start(name, folder, jvm, command, this::said);
  }

  private void said(JsonNode event) {
    synchronized (events) {
      events.add(event);
      events.notifyAll();
    }
  }

  /** Waits for an event; fails as soon as the process has ended without it. */
  JsonNode await(String event, Predicate<JsonNode> which) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    synchronized (events) {
      while (true) {
        boolean ended = !process.isAlive();
        for (JsonNode said : events) {
          if (said.path("event").asText().equals(event) && which.test(said)) {
            return said;
          }
        }
        if (ended) {
          process.await(); // throws if it failed; its last events are then here
        }
        if (System.nanoTime() > until) {
          throw new AssertionError(name + " didn't say " + event + "; it said " + last());
        }
        try {
          events.wait(100);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("interrupted", e);
        }
      }
    }
  }

  JsonNode await(String event) {
    return await(event, any -> true);
  }

  private String last() {
    return String.valueOf(events.subList(Math.max(0, events.size() - 3), events.size()));
  }

  /** All events of a kind so far. */
  List<JsonNode> all(String event) {
    synchronized (events) {
      return events.stream().filter(e -> e.path("event").asText().equals(event)).toList();
    }
  }

  /** Waits for its good end. */
  void awaitEnd() {
    process.await();
  }

  /** Waits for its end, good or not, and returns its exit code. */
  int exitCode() {
    return process
        .exitWithin(PATIENCE)
        .orElseThrow(() -> new AssertionError(name + " runs for ever"));
  }

  /** Kills it at once. */
  void kill() {
    process.kill();
  }

  /** Asks it to stop; returns the milliseconds that it took. */
  long stop() {
    long began = System.nanoTime();
    process.terminate();
    exitCode();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  /** Holds it still, as a machine that is suspended. */
  void suspend() {
    signal("STOP");
  }

  /** Lets it go on. */
  void resume() {
    signal("CONT");
  }

  private void signal(String which) {
    try {
      new ProcessBuilder("kill", "-" + which, "" + process.pid()).start().waitFor();
    } catch (IOException e) {
      throw new AssertionError("can't send " + which, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.kill();
    }
  }
}
