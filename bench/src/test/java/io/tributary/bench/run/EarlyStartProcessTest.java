package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.bench.chaos.FaultProxy;
import io.tributary.bench.synthetic.SyntheticSettings;
import io.tributary.bench.synthetic.SyntheticTrainerProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent process that joins a run late, over a thin link, and begins on a coarse copy. */
class EarlyStartProcessTest {
  /** Long enough for the run to go on while the third agent's process starts and downloads. */
  private static final int STEPS = 250;

  private static final int INTERVAL = 16;
  private static final int STEP_MILLIS = 100;

  /** Bytes a second: the model takes several seconds, its coarse copy an eighth of that. */
  private static final long THIN = 10_000;

  @TempDir private Path folder;
  private final List<WatchedProcess> all = new ArrayList<>();

  @Test
  void whoBeginsEarlyContributesToTheSameModel() throws IOException {
    Files.writeString(
        folder.resolve("text.txt"), "what goes on while the rest comes\n".repeat(2000));
    try {
      WatchedProcess coordinator = startCoordinator();
      int port = coordinator.await("listening").path("port").asInt();
      startAgent("a", port);
      startAgent("b", port);
      for (int fragment = 0; fragment < 2; fragment++) {
        int awaited = fragment;
        coordinator.await("committed", e -> e.path("fragment").asInt() == awaited);
      }
      try (var proxy = new FaultProxy(port, 1)) {
        proxy.slow(THIN);
        WatchedProcess late = startAgent("c", proxy.port(), "--early", "e3m0");
        late.await("joined");
        proxy.slow(0);
        JsonNode early = late.all("startedearly").get(0);
        assertThat(early.path("steps").asInt()).isBetween(1, INTERVAL - 1);
        assertThat(early.path("bytesExact").asLong())
            .isGreaterThan(early.path("bytesCoarse").asLong());
        coordinator.await("committed", e -> e.path("participants").toString().equals("[0,1,2]"));
        String fingerprint = coordinator.await("finished").path("fingerprint").asText();
        for (WatchedProcess agent : all.subList(1, all.size())) {
          assertThat(agent.await("finished").path("fingerprint").asText()).isEqualTo(fingerprint);
          agent.awaitEnd();
        }
        assertThat(saved("c")).hasSameBinaryContentAs(saved("a"));
        coordinator.awaitEnd();
      }
    } finally {
      all.forEach(WatchedProcess::close);
    }
  }

  private WatchedProcess startCoordinator() {
    return start(
        "coordinator",
        List.of("coordinator", "--events", "--port", "0"),
        List.of("--data", folder.resolve("data").toString()),
        List.of("--agents", "3", "--quorum", "2", "--patience", "1"),
        List.of("--steps", "" + STEPS, "--h", "" + INTERVAL, "--fragments", "2", "--tau", "2"));
  }

  private WatchedProcess startAgent(String name, int port, String... more) {
    return start(
        name,
        List.of("agent", "--events", "--name", name, "--coordinator", "127.0.0.1:" + port),
        List.of("--engine", SyntheticTrainerProvider.NAME),
        List.of("--data", folder.resolve("data-" + name).toString()),
        List.of("--layers", "2", "--width", "32", "--heads", "2", "--context", "16"),
        List.of("--batch", "2", "--heldout", "4"),
        List.of("--text", folder.resolve("text.txt").toString()),
        List.of("--save", saved(name).toString()),
        List.of(more));
  }

  private Path saved(String name) {
    return folder.resolve(name + ".safetensors");
  }

  @SafeVarargs
  private WatchedProcess start(String name, List<String>... parts) {
    List<String> line = new ArrayList<>();
    for (List<String> part : parts) {
      line.addAll(part);
    }
    List<String> jvm = List.of("-D" + SyntheticSettings.STEP_TIME.property() + "=" + STEP_MILLIS);
    var started = new WatchedProcess(name, folder, jvm, line);
    all.add(started);
    return started;
  }
}
