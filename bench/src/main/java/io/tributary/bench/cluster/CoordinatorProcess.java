package io.tributary.bench.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.bench.ChildProcess;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** {@code tributary coordinator} in a process of its own, on loopback. */
public final class CoordinatorProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 50;

  private final ChildProcess process;
  private final CompletableFuture<Integer> port;

  private CoordinatorProcess(ChildProcess process, CompletableFuture<Integer> port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a coordinator; returns before it listens.
   *
   * @param folder where its log goes, in {@code coordinator.log}
   * @param jvmOptions such as the heap's size and settings
   * @param options of the command, but {@code --events}
   * @param events hears what happens, on a thread of its own
   */
  public static CoordinatorProcess start(
      Path folder, List<String> jvmOptions, List<String> options, Consumer<JsonNode> events) {
    var line = new ArrayList<String>(List.of("coordinator", "--events"));
    line.addAll(options);
    var port = new CompletableFuture<Integer>();
    Consumer<JsonNode> listening =
        event -> {
          if (event.path("event").asText().equals("listening")) {
            port.complete(event.path("port").asInt());
          }
        };
    return new CoordinatorProcess(
        ChildProcess.start("coordinator", folder, jvmOptions, line, listening.andThen(events)),
        port);
  }

  /**
   * Waits until it listens.
   *
   * @throws TributaryException {@code INTERNAL} with the end of its log if it has failed, {@code
   *     PEER_SILENT} if it doesn't listen within a minute
   */
  public int port() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return Objects.requireNonNull(port.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        process.check();
        if (System.nanoTime() > until) {
          throw new TributaryException(
              ErrorCode.PEER_SILENT, "the coordinator doesn't listen after " + PATIENCE, e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TributaryException(ErrorCode.CANCELLED, "interrupted", e);
      } catch (ExecutionException e) {
        throw new TributaryException(ErrorCode.INTERNAL, "nothing ends a port early", e);
      }
    }
  }

  /**
   * Waits for all of those that are connected to it.
   *
   * @throws TributaryException {@code INTERNAL} with the end of its log if it has failed, which
   *     says more than what the others saw of it; or the first failure of theirs
   */
  public void await(List<? extends CompletableFuture<?>> all) {
    try {
      Errors.join(CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)));
    } catch (RuntimeException e) {
      process.check();
      throw e;
    }
  }

  /** The process. */
  public ChildProcess process() {
    return process;
  }

  /** Asks it to stop, and kills it if it doesn't. */
  @Override
  public void close() {
    process.close();
  }
}
