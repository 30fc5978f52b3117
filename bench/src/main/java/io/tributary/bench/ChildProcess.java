package io.tributary.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.command.TributaryMain;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A {@code tributary} command in a process of its own: this JVM, its flags and class path. Its
 * events are read from its standard output, its log goes to a file.
 */
public final class ChildProcess implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final long STOP_SECONDS = 4;

  private final String name;
  private final Path log;
  private final Process process;
  private final CompletableFuture<Void> output;

  private ChildProcess(String name, Path log, Process process, Consumer<JsonNode> events) {
    this.name = name;
    this.log = log;
    this.process = process;
    output = new CompletableFuture<>();
    var reader = new Thread(() -> read(events), "output of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a command.
   *
   * @param name for people and for the log file
   * @param folder where the log is written
   * @param events hears each event, on a thread of its own
   */
  public static ChildProcess start(
      String name, Path folder, List<String> command, Consumer<JsonNode> events) {
    return start(name, folder, List.of(), command, events);
  }

  /** The same with more options of the JVM, such as a smaller heap; they override this JVM's. */
  public static ChildProcess start(
      String name,
      Path folder,
      List<String> jvmOptions,
      List<String> command,
      Consumer<JsonNode> events) {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    line.addAll(jvmOptions);
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(TributaryMain.class.getName());
    line.addAll(command);
    Path log = folder.resolve(name + ".log");
    try {
      Files.createDirectories(folder);
      var builder =
          new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      // The same bits need one thread in the training engine; the launcher sets it, a test run
      // doesn't.
      builder.environment().putIfAbsent("OMP_NUM_THREADS", "1");
      Process process = builder.start();
      process.getOutputStream().close();
      return new ChildProcess(name, log, process, events);
    } catch (IOException e) {
      throw Errors.storage(log, "can't start " + name + " with its log", e);
    }
  }

  private void read(Consumer<JsonNode> events) {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("{")) {
          events.accept(MAPPER.readTree(line));
        }
      }
      output.complete(null);
    } catch (IOException | RuntimeException e) {
      output.completeExceptionally(e);
    }
  }

  /** Its process number. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for its end and the last of its events.
   *
   * @throws TributaryException {@code INTERNAL} with the end of its log if it failed
   */
  public void await() {
    try {
      int exit = process.waitFor();
      output.join();
      if (exit != 0) {
        throw failed(exit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted while waiting for " + name, e);
    }
  }

  /** Throws what {@link #await} would throw if it has failed already. */
  public void check() {
    if (!process.isAlive() && process.exitValue() != 0) {
      throw failed(process.exitValue());
    }
  }

  private TributaryException failed(int exit) {
    String last = "";
    try {
      List<String> lines = Files.readAllLines(log);
      last = String.join("\n  ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException | UncheckedIOException e) {
      last = "its log can't be read: " + e.getMessage();
    }
    return new TributaryException(
        ErrorCode.INTERNAL,
        name + " ended with exit code " + exit + "; the end of " + log + ":\n  " + last);
  }

  /** Asks it to stop, as Ctrl-C does, and returns at once. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for its end, good or not; its exit code, or empty if it still runs after that time. */
  public OptionalInt exitWithin(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
          ? OptionalInt.of(process.exitValue())
          : OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  /** Kills it at once, as a power cut would. */
  public void kill() {
    process.destroyForcibly();
    awaitQuietly(STOP_SECONDS);
  }

  /** Asks it to stop, and kills it if it doesn't within a few seconds. */
  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroy();
      if (!awaitQuietly(STOP_SECONDS)) {
        kill();
      }
    }
  }

  private boolean awaitQuietly(long seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
