package io.tributary.weights.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.file.TribTensor;
import io.tributary.weights.file.TribWriter;
import io.tributary.weights.model.SmallLlama;
import io.tributary.weights.pack.PlainLayout;
import io.tributary.weights.pack.ScaleType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ModelCommandsTest {
  private static final int ROWS = 700;
  private static final int WIDTH = 128;

  @TempDir Path folder;
  private Path model;
  private Path out;

  @BeforeEach
  void model() {
    model = folder.resolve("model.trib");
    out = folder.resolve("small.trib");
    var layout = new PlainLayout(ScaleType.F32);
    try (TribWriter writer = TribWriter.create(model, false)) {
      for (String name : List.of("a", "b", "embed")) {
        float[] values = values(name.equals("b") ? 2 : 1);
        List<Long> shape = List.of((long) ROWS, (long) WIDTH);
        writer.begin(new TribTensor(name, "F32", "plain", shape, ROWS, layout, List.of()));
        writer.block(layout.pack(values, 0, values.length));
      }
      writer.begin(new TribTensor("n", "F32", "plain", List.of(3L), 1, layout, List.of()));
      writer.block(layout.pack(new float[] {1, 2, 0.1f}, 0, 3));
      writer.finish(Map.of("origin", "test"));
    }
  }

  /** Normal values; of kind 2, with an outlier in each group, which more bits serve better. */
  private static float[] values(int kind) {
    var random = new Random(kind);
    var values = new float[ROWS * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * (kind == 2 && i % 128 == 0 ? 20 : 1);
    }
    return values;
  }

  private record Result(int code, String out, String error) {}

  private static Result run(Object command, Object... arguments) {
    var text = new StringWriter();
    String[] failure = {""};
    int code =
        new CommandLine(command)
            .setOut(new PrintWriter(text))
            .setExecutionExceptionHandler(
                (e, line, parsed) -> {
                  assertThat(e).isInstanceOf(TributaryException.class);
                  failure[0] = e.getMessage();
                  return 2;
                })
            .execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
    return new Result(code, text.toString(), failure[0]);
  }

  private Result compress(Object... more) {
    var arguments = Stream.concat(Stream.of(model, "-o", out), Stream.of(more)).toArray();
    return run(new CompressCommand(), arguments);
  }

  private static JsonNode read(Path json) throws IOException {
    return new ObjectMapper().readTree(json.toFile());
  }

  @Test
  void matricesBecomeSmallAndTheRestStays() throws IOException {
    Path json = folder.resolve("facts.json");
    Result result = compress("--recipe", "rtn:4,g=128", "--json", json);
    assertThat(result.error()).isEmpty();
    assertThat(result.out().lines()).hasSize(5).last().asString().contains("4.1250 bits a weight");
    JsonNode facts = read(json);
    assertThat(facts.path("run").path("options").get(1).asText()).isEqualTo("-o");
    assertThat(facts.path("bits_per_weight").asDouble()).isEqualTo(4.125);
    assertThat(facts.path("file_bytes").asLong()).isEqualTo(Files.size(out));
    assertThat(facts.path("rows")).hasSize(4);
    assertThat(facts.path("rows").get(0).path("bits_per_weight").asDouble()).isEqualTo(4.125);
    assertThat(facts.path("rows").get(2).path("recipe").asText()).isEqualTo("plain");
    double error = facts.path("rows").get(0).path("weight_error").asDouble();
    assertThat(error).isBetween(0.005, 0.03);

    Path compared = folder.resolve("compared.json");
    assertThat(run(new CompareCommand(), model, out, "--json", compared).code()).isZero();
    JsonNode row = read(compared).path("rows").get(0);
    assertThat(row.path("error").asDouble())
        .isCloseTo(error, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(row.path("bits_a").asDouble()).isEqualTo(32);
    assertThat(row.path("bits_b").asDouble()).isEqualTo(4.125);
    assertThat(read(compared).path("rows").get(3).path("differing").asLong()).isZero();
    try (WeightFile file = WeightFormats.load().open(out)) {
      assertThat(file.metadata())
          .containsEntry("origin", "test")
          .containsEntry("tributary.policy", "rtn:4,g=128");
    }
  }

  /** Also from the first half of a file in progressive order, coarser. */
  @Test
  void decompressedWeightsAreThoseOfTheFile() throws IOException {
    assertThat(compress("--recipe", "rtn:6,g=64", "--progressive").code()).isZero();
    Path plain = folder.resolve("plain.safetensors");
    Path json = folder.resolve("facts.json");
    Result plainly = run(new DecompressCommand(), out, "-o", plain, "--json", json);
    assertThat(plainly.code()).isZero();
    assertThat(plainly.out().lines())
        .as("a line for each tensor and the sum")
        .hasSizeGreaterThan(2);
    assertThat(read(json).path("bytes").asLong()).isEqualTo(Files.size(plain));
    Path compared = folder.resolve("compared.json");
    run(new CompareCommand(), out, plain, "--json", compared);
    read(compared).path("rows").forEach(row -> assertThat(row.path("differing").asLong()).isZero());

    byte[] whole = Files.readAllBytes(out);
    Files.write(out, java.util.Arrays.copyOf(whole, whole.length * 9 / 10));
    assertThat(run(new DecompressCommand(), out, "-o", plain).error())
        .contains("bytes behind the index");
    assertThat(run(new DecompressCommand(), out, "-o", plain, "--part").code()).isZero();
    Path part = Files.move(out, folder.resolve("small.trib.0123456789abcdef.part"));
    assertThat(run(new DecompressCommand(), part, "-o", plain).out())
        .contains("of 6 planes, 90.0 % of " + whole.length + " bytes");
    run(new CompareCommand(), model, plain, "--json", compared);
    assertThat(read(compared).path("rows").get(0).path("error").asDouble()).isBetween(1e-4, 0.01);
  }

  /** Rows of 128 are whole blocks of 32: what the reader of GGUF decodes is what the .trib says. */
  @Test
  void blocksOfGgmlGoToGgufByteForByte() throws IOException {
    assertThat(compress("--recipe", "a=q4_0; b=q8_0; embed=rtn:4; *=plain").error()).isEmpty();
    Path gguf = folder.resolve("model.gguf");
    Path compared = folder.resolve("compared.json");
    assertThat(run(new DecompressCommand(), out, "-o", gguf).error()).isEmpty();
    assertThat(run(new CompareCommand(), out, gguf, "--json", compared).error()).isEmpty();
    JsonNode rows = read(compared).path("rows");
    assertThat(rows).hasSize(4);
    rows.forEach(row -> assertThat(row.path("differing").asLong()).isZero());
    assertThat(rows.get(0).path("bits_b").asDouble()).isEqualTo(4.5);
    assertThat(rows.get(1).path("bits_b").asDouble()).isEqualTo(8.5);
    assertThat(rows.get(2).path("bits_b").asDouble()).isEqualTo(32);
    byte[] bytes = Files.readAllBytes(gguf);
    assertThat(java.util.HexFormat.of().formatHex(bytes, 0, 24))
        .isEqualTo("47475546" + "03000000" + "0400000000000000" + "0300000000000000");
    assertThat(run(new DecompressCommand(), gguf, "-o", folder.resolve("two.gguf")).error())
        .contains("IN: expected a .trib file");
  }

  /** Names and vocabulary of a model are GGUF's then; it predicts a text as before. */
  @Test
  void aModelInGgufIsComparedWithItself() throws IOException {
    Path llama = SmallLlama.write(folder, 7);
    Path gguf = Files.createDirectory(folder.resolve("elsewhere")).resolve("model.gguf");
    Result compressed = run(new CompressCommand(), llama, "--recipe", "plain", "-o", gguf);
    assertThat(compressed.error()).isEmpty();
    Path text = Files.writeString(folder.resolve("text"), "one line\nand another\n");
    Path json = folder.resolve("compared.json");
    Result compared =
        run(new CompareCommand(), gguf, llama, "--text", text, "--windows", "1", "--json", json);
    assertThat(compared.error()).isEmpty();
    assertThat(compared.out()).contains("A: nll ").contains("B: nll ");
    JsonNode facts = read(json);
    int weights = 2 + 9 * SmallLlama.LAYERS;
    assertThat(facts.path("rows")).hasSize(weights + 2);
    for (int i = 0; i < weights; i++) {
      assertThat(facts.path("rows").get(i).path("differing").asLong(-1)).isZero();
    }
    assertThat(facts.path("rows").get(weights).path("name").asText()).isEqualTo("freqs_cos");
    assertThat(facts.path("a")).isEqualTo(facts.path("b"));
    assertThat(facts.path("a").path("tokens").asLong()).isEqualTo(9);
    Files.delete(folder.resolve("tok260.bin"));
    assertThat(run(new CompressCommand(), llama, "--recipe", "plain", "-o", gguf).out())
        .contains("no vocabulary beside " + llama);
    assertThat(run(new CompareCommand(), gguf, llama, "--text", text).error())
        .contains(
            "expected the model's vocabulary, tokenizer.json, vocab.txt or one tok*.bin, found neither");
  }

  @Test
  void aBudgetIsMetAndSpentWhereItHelps() throws IOException {
    Path json = folder.resolve("facts.json");
    Result result = compress("--recipe", "rtn:4,g=128", "--budget", "4.5bpw", "--json", json);
    assertThat(result.error()).isEmpty();
    JsonNode facts = read(json);
    assertThat(facts.path("bits_per_weight").asDouble()).isBetween(3.7, 4.5);
    assertThat(facts.path("rows").get(1).path("bits_per_weight").asDouble())
        .isGreaterThan(facts.path("rows").get(0).path("bits_per_weight").asDouble());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--recipe rtm:4 | 'rtm:4'",
        "--recipe rtn:4 --budget 1.5bpw | at least 2.1250bpw, the nearest",
        "--recipe rtn:4 --budget 3 | bits a weight, such as 3.2bpw",
        "--recipe gptq:4 | --calibrate: expected a text, which gptq:4,g=128 needs",
        "--recipe rtn:4 --json FOLDER | --json: expected a file that can be written"
      })
  void wrongInputIsOneClearErrorAndNoFile(String options, String message) throws IOException {
    Object[] arguments = options.replace("FOLDER", folder.toString()).split(" ");
    Result result = compress(arguments);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.error()).contains(message);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(model);
    }
  }

  @Test
  void theInputIsNeverWrittenOver() throws IOException {
    byte[] before = Files.readAllBytes(model);
    out = folder.resolve(".").resolve("model.trib");
    assertThat(compress("--recipe", "rtn:4").error())
        .contains("--output: expected another file than the input");
    assertThat(Files.readAllBytes(model)).isEqualTo(before);
  }

  /** A weight that is no number ends the work; nothing half done stays. */
  @Test
  void aFailureLeavesNoFile() throws IOException {
    var layout = new PlainLayout(ScaleType.F32);
    float[] values = values(1);
    values[ROWS * WIDTH - 1] = Float.POSITIVE_INFINITY;
    try (TribWriter writer = TribWriter.create(model, false)) {
      List<Long> shape = List.of((long) ROWS, (long) WIDTH);
      writer.begin(new TribTensor("a", "F32", "plain", shape, ROWS, layout, List.of()));
      writer.block(layout.pack(values, 0, values.length));
      writer.finish(Map.of());
    }
    assertThat(compress("--recipe", "rtn:4").error())
        .contains("tensor a, row 699, column 127: expected a finite number, found Infinity");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(model);
    }
  }
}
