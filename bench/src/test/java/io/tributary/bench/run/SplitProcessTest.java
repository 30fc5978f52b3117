package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.bench.link.RelayThroughput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cut model in real processes: a relay, servers, clients. */
class SplitProcessTest {
  private static final int STEPS = 14;
  private static final String[] MODEL = {
    "--layers", "3", "--heads", "2", "--width", "32", "--context", "16"
  };

  @TempDir private Path folder;
  private final List<WatchedProcess> all = new ArrayList<>();
  private int port;

  @AfterEach
  void close() {
    all.forEach(WatchedProcess::close);
  }

  private WatchedProcess start(String name, String... command) {
    var started = new WatchedProcess(name, folder, List.of(command));
    all.add(started);
    return started;
  }

  private WatchedProcess startRelay() {
    WatchedProcess relay = start("relay", "relay", "--port", "" + port, "--events");
    port = relay.await("relaying").path("port").asInt();
    return relay;
  }

  /** A coordinator that waits for the agents of its own run passes streams on as well. */
  private void startCoordinator() {
    String data = folder.resolve("data").toString();
    port =
        start(
                "coordinator",
                "coordinator",
                "--port",
                "0",
                "--events",
                "--agents",
                "1",
                "--steps",
                "60",
                "--data",
                data)
            .await("listening")
            .path("port")
            .asInt();
  }

  private WatchedProcess startServer(String name, int clients, String codec, String... more) {
    return startServer(STEPS, name, clients, codec, more);
  }

  private WatchedProcess startServer(
      int steps, String name, int clients, String codec, String... more) {
    List<String> line = new ArrayList<>(List.of("split", "server", "--events", "--name", name));
    line.addAll(List.of("--coordinator", "127.0.0.1:" + port, "--clients", "" + clients));
    line.addAll(List.of("--codec", codec, "--steps", "" + steps));
    line.addAll(List.of(MODEL));
    line.addAll(List.of(more));
    return start(name, line.toArray(new String[0]));
  }

  private WatchedProcess startClient(String name, String... more) {
    Path text = RealRun.someText(folder);
    List<String> line = new ArrayList<>(List.of("split", "client", "--events", "--name", name));
    line.addAll(List.of("--coordinator", "127.0.0.1:" + port, "--text", text.toString()));
    line.addAll(List.of("--heldout", "4"));
    line.addAll(List.of(more));
    return start(name, line.toArray(new String[0]));
  }

  private static List<Double> losses(WatchedProcess process) {
    return process.all("stepped").stream().map(e -> e.path("loss").asDouble()).toList();
  }

  @Test
  void twoClientsGiveTheSameLossesEveryTime() {
    startRelay();
    List<List<Double>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      WatchedProcess server = startServer("server" + run, 2, "amaqec");
      // Places go by arrival, so the second comes when the first has its own.
      WatchedProcess one = startClient("a" + run);
      one.await("joined");
      WatchedProcess two = startClient("b" + run);
      server.await("done");
      one.awaitEnd();
      two.awaitEnd();
      assertThat(server.all("stepped")).hasSize(STEPS);
      assertThat(one.all("stepped")).hasSize(STEPS);
      assertThat(one.await("measured").path("loss").asDouble()).isBetween(3.0, 5.6);
      runs.add(losses(one));
      runs.add(losses(two));
    }
    assertThat(runs.get(2)).isEqualTo(runs.get(0));
    assertThat(runs.get(3)).isEqualTo(runs.get(1));
    assertThat(runs.get(0)).isNotEqualTo(runs.get(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServerThatDiesIsReplacedAndNoStepCountsTwice(boolean labelsStay) {
    String[] more = labelsStay ? new String[] {"--head-layers", "1"} : new String[0];
    startRelay();
    WatchedProcess first = startServer("first", 1, "amaq", more);
    WatchedProcess client = startClient("client");
    client.await("stepped", e -> e.path("step").asInt() == 4);
    first.kill();
    client.await("waiting");
    WatchedProcess second = startServer("second", 1, "amaq", more);
    client.awaitEnd();
    second.await("done");
    List<Integer> steps =
        client.all("stepped").stream().map((JsonNode e) -> e.path("step").asInt()).toList();
    assertThat(steps).hasSize(STEPS).isSorted().doesNotHaveDuplicates();
    int counted = first.all("stepped").size() + second.all("stepped").size();
    // The step under way may have been counted by the first server, which took it along.
    assertThat(counted).isBetween(STEPS, STEPS + 1);
    assertThat(second.all("stepped").size()).isLessThan(STEPS);
  }

  /** Nobody is late by what the server itself couldn't hear; a silence of 5 s would be too long. */
  @Test
  void aServerThatIsSuspendedLeavesNobodyOut() throws InterruptedException {
    startRelay();
    WatchedProcess server = startServer(100_000, "server", 2, "raw32");
    startClient("one").await("joined");
    WatchedProcess two = startClient("two");
    for (int time = 0; time < 3; time++) {
      int before = two.all("stepped").size();
      two.await("stepped", e -> e.path("step").asInt() > before + 20);
      server.suspend();
      TimeUnit.SECONDS.sleep(8);
      server.resume();
      int after = two.all("stepped").size();
      two.await("stepped", e -> e.path("step").asInt() > after + 5);
    }
    assertThat(server.all("absent")).isEmpty();
  }

  @Test
  void aServerGoesOnWithoutAClientThatDies() {
    startCoordinator();
    WatchedProcess server = startServer("server", 2, "raw32", "--patience", "1");
    WatchedProcess stays = startClient("stays");
    stays.await("joined");
    WatchedProcess leaves = startClient("leaves");
    leaves.await("stepped", e -> e.path("step").asInt() == 3);
    leaves.kill();
    JsonNode absent = server.await("absent");
    assertThat(absent.path("client").asText()).isEqualTo("leaves");
    assertThat(absent.path("reason").asText()).contains("nothing of it for").contains("the usual");
    stays.awaitEnd();
    assertThat(stays.all("stepped")).hasSize(STEPS);
    server.stop();
  }

  /** A micro-batch is 8 KiB and takes about seven seconds: more than the least of all waits. */
  @Test
  void aSlowClientThatGetsOnIsWaitedFor() {
    startRelay();
    WatchedProcess server = startServer("server", 2, "raw32");
    startClient("quick").await("joined");
    startClient("thin", "--link", "10kbit").await("stepped", e -> e.path("step").asInt() == 2);
    server.await("stepped", e -> e.path("step").asInt() == 2);
    assertThat(server.all("absent")).isEmpty();
  }

  @Test
  void nobodyIsLateWhileTheServerCannotHear() throws InterruptedException {
    WatchedProcess relay = startRelay();
    WatchedProcess server = startServer("server", 2, "raw32");
    WatchedProcess one = startClient("one");
    one.await("joined");
    WatchedProcess other = startClient("other");
    other.await("stepped", e -> e.path("step").asInt() == 2);
    relay.kill();
    // Both clients are fast: a silence of five seconds would be too long for either.
    TimeUnit.SECONDS.sleep(8);
    startRelay();
    one.awaitEnd();
    other.awaitEnd();
    server.await("done");
    assertThat(server.all("absent")).isEmpty();
    assertThat(server.all("stepped")).hasSize(STEPS);
  }

  @Test
  void messagesOf256MebibytesPassThroughAHeapOf64() {
    RelayThroughput.Figures figures = new RelayThroughput(256 << 20, 1).run(64, folder);
    assertThat(figures.rows()).extracting(RelayThroughput.Row::way).contains("relay");
    assertThat(figures.rows().get(2).heldPeak()).isLessThan(4 << 20);
  }
}
