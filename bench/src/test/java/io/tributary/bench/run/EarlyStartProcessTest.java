package io.tributary.bench.run;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.agent.trainer.GptShape;
import io.tributary.bench.chaos.FaultProxy;
import io.tributary.bench.synthetic.SyntheticSettings;
import io.tributary.bench.synthetic.SyntheticTrainerProvider;
import io.tributary.run.OuterParameters;
import io.tributary.tensor.ModelSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent process that joins a run late, over a thin link, and begins before it has the model. */
class EarlyStartProcessTest {
  /** Long enough for the run to go on while the third agent's process starts and downloads. */
  private static final int STEPS = 250;

  private static final int INTERVAL = 16;
  private static final int STEP_MILLIS = 100;

  /** Bytes a second: the model takes several seconds, its coarse copy an eighth of that. */
  private static final long THIN = 10_000;

  @TempDir private Path folder;
  private final List<WatchedProcess> all = new ArrayList<>();
  private List<String> offered = List.of();

  @AfterEach
  void close() {
    all.forEach(WatchedProcess::close);
  }

  @Test
  void whoBeginsEarlyContributesToTheSameModel() throws IOException {
    JsonNode early = join(port -> List.of("--early", "e3m0"));
    assertThat(early.path("bytesCoarse").asLong()).isPositive();
  }

  /** In a recipe that no codec of the wire has: what the coordinator offers, fetched and used. */
  @Test
  void whoBeginsOnAFetchedModelContributesToTheSameModel() throws IOException {
    Path fetched = folder.resolve("fetched.trib");
    Path base = compressed(written(new GptShape(2, 2, 32, 16).schema()), "sinq:4,g=32");
    offered = List.of("--offer", base.toString());
    JsonNode early =
        join(
            port -> {
              WatchedProcess fetch =
                  start(
                      "fetch",
                      List.of("fetch", "--events", "--name", "reader"),
                      List.of("--coordinator", "127.0.0.1:" + port, "-o", fetched.toString()));
              fetch.await("complete");
              fetch.awaitEnd();
              return List.of("--early-model", fetched.toString());
            });
    assertThat(fetched).hasSameBinaryContentAs(base);
    assertThat(early.path("bytesCoarse").asLong())
        .as("before the exact values had come")
        .isLessThan(early.path("bytesExact").asLong() / 2);
  }

  /** A model of this shape that nobody in the run has. */
  private Path written(ModelSchema schema) throws IOException {
    OuterParameters values = OuterParameters.initial(schema, 99);
    var header = new ObjectMapper().createObjectNode();
    var bytes = ByteBuffer.allocate((int) schema.parameters() * Float.BYTES).order(LITTLE_ENDIAN);
    for (int t = 0; t < schema.tensors().size(); t++) {
      ObjectNode tensor = header.putObject(schema.tensors().get(t).name()).put("dtype", "F32");
      schema.tensors().get(t).shape().forEach(tensor.putArray("shape")::add);
      ArrayNode offsets = tensor.putArray("data_offsets").add(bytes.position());
      for (float value : values.tensor(t)) {
        bytes.putFloat(value);
      }
      offsets.add(bytes.position());
    }
    byte[] text = header.toString().getBytes(UTF_8);
    ByteBuffer length =
        ByteBuffer.allocate(Long.BYTES).order(LITTLE_ENDIAN).putLong(0, text.length);
    Path file = folder.resolve("base.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(length.array());
      out.write(text);
      out.write(bytes.array());
    }
    return file;
  }

  private Path compressed(Path model, String recipe) {
    Path file = folder.resolve("base.trib");
    start(
            "compress",
            List.of("compress", model.toString(), "--recipe", recipe, "-o", file.toString()))
        .awaitEnd();
    return file;
  }

  private JsonNode join(IntFunction<List<String>> how) throws IOException {
    Files.writeString(
        folder.resolve("text.txt"), "what goes on while the rest comes\n".repeat(2000));
    WatchedProcess coordinator = startCoordinator();
    int port = coordinator.await("listening").path("port").asInt();
    List<WatchedProcess> agents = new ArrayList<>();
    agents.add(startAgent("a", port));
    agents.add(startAgent("b", port));
    for (int fragment = 0; fragment < 2; fragment++) {
      int awaited = fragment;
      coordinator.await("committed", e -> e.path("fragment").asInt() == awaited);
    }
    List<String> more = how.apply(port);
    try (var proxy = new FaultProxy(port, 1)) {
      proxy.slow(THIN);
      WatchedProcess late = startAgent("c", proxy.port(), more.toArray(String[]::new));
      agents.add(late);
      late.await("joined");
      proxy.slow(0);
      JsonNode early = late.all("startedearly").get(0);
      assertThat(early.path("steps").asInt()).isBetween(1, INTERVAL - 1);
      assertThat(early.path("bytesExact").asLong())
          .isGreaterThan(early.path("bytesCoarse").asLong());
      coordinator.await("committed", e -> e.path("participants").toString().equals("[0,1,2]"));
      String fingerprint = coordinator.await("finished").path("fingerprint").asText();
      for (WatchedProcess agent : agents) {
        assertThat(agent.await("finished").path("fingerprint").asText()).isEqualTo(fingerprint);
        agent.awaitEnd();
      }
      assertThat(saved("c")).hasSameBinaryContentAs(saved("a"));
      coordinator.awaitEnd();
      return early;
    }
  }

  private WatchedProcess startCoordinator() {
    return start(
        "coordinator",
        List.of("coordinator", "--events", "--port", "0"),
        List.of("--data", folder.resolve("data").toString()),
        List.of("--agents", "3", "--quorum", "2", "--patience", "1"),
        List.of("--steps", "" + STEPS, "--h", "" + INTERVAL, "--fragments", "2", "--tau", "2"),
        offered);
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
