package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends of two cuts that keep states: what is killed goes on as if nothing had been. */
class SplitKeptStateTest {
  private static final int STEPS = 14;
  private static final int KEEP_EVERY = 4;

  /** Magic and version of the file, step and branch of the state. */
  private static final int HEAD_BYTES = 8 + 12;

  private static final int CHECKSUM_BYTES = 4;

  @TempDir private Path folder;
  private final List<WatchedProcess> all = new ArrayList<>();
  private int port;

  @AfterEach
  void close() {
    all.forEach(WatchedProcess::close);
  }

  private WatchedProcess start(String name, List<String> command) {
    var started = new WatchedProcess(name, folder, command);
    all.add(started);
    return started;
  }

  /** One run in its own folders. */
  private final class Run {
    final String name;
    final List<WatchedProcess> ones = new ArrayList<>();
    final List<WatchedProcess> twos = new ArrayList<>();
    final List<WatchedProcess> servers = new ArrayList<>();

    Run(String name) {
      this.name = name;
      startServer();
      startClient("one", ones);
      startClient("two", twos);
    }

    void startServer() {
      List<String> line = new ArrayList<>(List.of("split", "server", "--events", "--clients", "2"));
      line.addAll(List.of("--name", name + "-server", "--coordinator", "127.0.0.1:" + port));
      line.addAll(List.of("--steps", "" + STEPS, "--layers", "3", "--heads", "2"));
      line.addAll(List.of("--width", "32", "--context", "16", "--patience", "100"));
      line.addAll(List.of("--data", data("server").toString(), "--keep-every", "" + KEEP_EVERY));
      line.addAll(List.of("--codec", "amaqec", "--u-shape"));
      servers.add(start(name + "-server", line));
    }

    void startClient(String which, List<WatchedProcess> into) {
      List<String> line = new ArrayList<>(List.of("split", "client", "--events"));
      line.addAll(List.of("--name", name + "-" + which, "--coordinator", "127.0.0.1:" + port));
      line.addAll(List.of("--text", RealRun.someText(folder).toString(), "--heldout", "4"));
      line.addAll(List.of("--measure-every", "3", "--data", data(which).toString()));
      into.add(start(name + "-" + which, line));
    }

    Path data(String which) {
      return folder.resolve(name + "-data-" + which);
    }

    void awaitEnd() {
      for (var processes : List.of(servers, ones, twos)) {
        processes.get(processes.size() - 1).awaitEnd();
      }
    }

    /** What was said last of each step. */
    Map<String, Double> losses(List<WatchedProcess> processes) {
      var losses = new TreeMap<String, Double>();
      for (WatchedProcess process : processes) {
        for (String event : List.of("stepped", "measured")) {
          for (JsonNode said : process.all(event)) {
            losses.put(event + " " + said.path("step").asInt(), said.path("loss").asDouble());
          }
        }
      }
      return losses;
    }

    /** The state behind the last step, but for the branch that it is of. */
    byte[] lastState(String which) throws IOException {
      byte[] file =
          Files.readAllBytes(data(which).resolve(String.format("step-%08d.state", STEPS)));
      return Arrays.copyOfRange(file, HEAD_BYTES, file.length - CHECKSUM_BYTES);
    }
  }

  private static void awaitStep(WatchedProcess process, int step) {
    process.await("stepped", e -> e.path("step").asInt() == step);
  }

  private static WatchedProcess last(List<WatchedProcess> processes) {
    return processes.get(processes.size() - 1);
  }

  @Test
  void aServerAndAClientThatAreKilledEndWithTheSameBits() throws IOException {
    port =
        start("relay", List.of("relay", "--port", "0", "--events"))
            .await("relaying")
            .path("port")
            .asInt();
    var calm = new Run("calm");
    calm.awaitEnd();

    var killed = new Run("killed");
    awaitStep(last(killed.servers), 6);
    last(killed.servers).kill();
    killed.startServer();
    awaitStep(last(killed.servers), 9);
    last(killed.ones).kill();
    killed.startClient("one", killed.ones);
    awaitStep(last(killed.ones), 11);
    killed.awaitEnd();

    assertThat(last(killed.servers).all("wentback")).isNotEmpty();
    assertThat(last(killed.twos).all("wentback")).hasSizeGreaterThanOrEqualTo(2);
    assertThat(killed.losses(killed.ones)).isEqualTo(calm.losses(calm.ones));
    assertThat(killed.losses(killed.twos)).isEqualTo(calm.losses(calm.twos));
    assertThat(killed.losses(killed.servers)).isEqualTo(calm.losses(calm.servers));
    for (String which : List.of("one", "two")) {
      assertThat(killed.lastState(which)).isEqualTo(calm.lastState(which));
    }
  }
}
