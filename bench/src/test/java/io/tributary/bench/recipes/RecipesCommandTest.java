package io.tributary.bench.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.bench.ChildProcess;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightTensor;
import io.tributary.file.safetensors.SafetensorsWriter;
import io.tributary.weights.Hessians;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.compress.ModelCompressor;
import io.tributary.weights.compress.RecipePolicy;
import io.tributary.weights.file.TribWriter;
import io.tributary.weights.recipe.Recipe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The bench on a small model: what it writes, not how fast anything is. */
class RecipesCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();

  private int run(String... arguments) {
    var line = new CommandLine(new RecipesCommand()).setOut(new PrintWriter(out));
    line.parseArgs(arguments);
    return ((RecipesCommand) line.getCommand()).call();
  }

  @Test
  void rowsAreWrittenAndFilesRemoved() throws IOException {
    Path json = folder.resolve("rows.json");
    Path files = Files.createDirectory(folder.resolve("files"));
    assertThat(
            run(
                "--quick",
                "--mb=2",
                "--recipe=rtn:4,g=128",
                "--recipe=q4_k",
                "--folder=" + files,
                "--json=" + json))
        .isZero();
    JsonNode object = new JsonMapper().readTree(json.toFile());
    assertThat(object.at("/run/seed").asLong()).isEqualTo(1);
    assertThat(object.at("/model_bytes").asLong()).isEqualTo(2 << 20);
    assertThat(object.at("/copy_gb_s").asDouble()).isPositive();
    assertThat(object.at("/rows/0/recipe").asText()).isEqualTo("rtn:4,g=128");
    assertThat(object.at("/rows/0/compress_gb_s").asDouble()).isPositive();
    assertThat(object.at("/disk/write_gb_s").asDouble()).isPositive();
    assertThat(object.at("/rows/0/disk_compress_gb_s").asDouble()).isPositive();
    assertThat(object.at("/rows/0/disk_decompress_gb_s").asDouble()).isPositive();
    assertThat(object.at("/rows/0/bits_per_weight").asDouble()).isBetween(4.125, 4.3);
    // Half a step squared over three, against the variance: the error of a Gaussian's 4 bits.
    assertThat(object.at("/rows/0/weight_error").asDouble()).isBetween(0.01, 0.02);
    assertThat(object.at("/rows/1/weight_error").asDouble()).isBetween(0.004, 0.006);
    assertThat(out.toString()).contains("2 MB of float32", "q4_k");
    try (Stream<Path> left = Files.list(files)) {
      assertThat(left).isEmpty();
    }
  }

  /** A model of twice the heap goes through both ways. */
  @Test
  void modelsMayBeLargerThanTheHeap() throws IOException {
    Path json = folder.resolve("rows.json");
    List<String> line =
        List.of(
            "bench",
            "recipes",
            "--mb=128",
            "--recipe=q4_k",
            "--folder=" + folder,
            "--json=" + json);
    List<String> heap = List.of("-Xmx64m");
    try (ChildProcess child = ChildProcess.start("bench", folder, heap, line, event -> {})) {
      child.await();
    }
    JsonNode figures = new JsonMapper().readTree(json.toFile());
    assertThat(figures.path("rows")).hasSize(1);
    assertThat(figures.path("model_bytes").asLong())
        .isGreaterThanOrEqualTo(2 * figures.path("heap_limit_bytes").asLong());
  }

  @Test
  void aStoppedCompressionLeavesNoFile() throws IOException {
    Path model = folder.resolve("model.safetensors");
    SafetensorsWriter.write(new RandomWeights(32 << 20, 1), model);
    Path files = Files.createDirectory(folder.resolve("files"));
    Path output = files.resolve("model.trib");
    List<String> line =
        List.of(
            "compress", model.toString(), "--recipe=rtn:3,g=2048,search", "-o", output.toString());
    try (ChildProcess child = ChildProcess.start("compress", folder, line, event -> {})) {
      while (child.isAlive() && !Files.exists(files.resolve("model.trib.pieces.tmp"))) {
        LockSupport.parkNanos(1_000_000);
      }
      child.terminate();
      assertThat(child.exitWithin(Duration.ofMinutes(1))).isPresent();
    }
    try (Stream<Path> left = Files.list(files)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aStoppedDecompressionLeavesNothingBesideItsOutput() throws IOException {
    Path model = folder.resolve("model.trib");
    try (var writer = TribWriter.create(model, false);
        var workers = new RowWorkers(2)) {
      var tools = new Recipe.Tools(Hessians.none(), workers, note -> {});
      RecipePolicy policy = RecipePolicy.parse("rtn:4,g=128");
      new ModelCompressor(tools, Set.of(), done -> {})
          .compress(new RandomWeights(256 << 20, 1), policy::choose, "rtn", writer);
    }
    Path files = Files.createDirectory(folder.resolve("files"));
    Path output = files.resolve("model.safetensors");
    List<String> line = List.of("decompress", model.toString(), "-o", output.toString());
    try (ChildProcess child = ChildProcess.start("decompress", folder, line, event -> {})) {
      while (child.isAlive() && !Files.exists(files.resolve("model.safetensors.tmp"))) {
        LockSupport.parkNanos(1_000_000);
      }
      child.terminate();
      assertThat(child.exitWithin(Duration.ofMinutes(1))).isPresent();
    }
    // If all was written before the signal came, the output is there, whole.
    try (Stream<Path> left = Files.list(files)) {
      assertThat(left).noneMatch(file -> file.toString().endsWith(".tmp"));
    }
  }

  @Test
  void weightsFillFilesOfAnySize() {
    var weights = new RandomWeights(3L << 30, 1);
    assertThat(weights.tensors().stream().mapToLong(WeightTensor::bytes).sum()).isEqualTo(3L << 30);
    var rows = new float[2 * RandomWeights.WIDTH];
    weights.rows("layers.7.weight").read(4094, 2, rows, 0);
    assertThat(rows).doesNotContain(Float.NaN);
    assertThat(rows[0]).isNotEqualTo(rows[RandomWeights.WIDTH]);
  }

  @Test
  void badOptionsAreRefusedFirst() {
    assertThatThrownBy(() -> run("--mb=0"))
        .isInstanceOf(TributaryException.class)
        .hasMessage("--mb: expected 1 to 1048576, found 0");
    assertThatThrownBy(() -> run("--recipe=gptq:4"))
        .hasMessageContaining("'bench weights' times the others");
    assertThatThrownBy(() -> run("--folder=" + folder.resolve("nowhere")))
        .hasMessageContaining("a folder that exists");
  }
}
