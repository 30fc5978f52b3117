package io.tributary.bench.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.error.TributaryException;
import io.tributary.file.ModelFolder;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.file.gguf.GgmlType;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.ggml.BlockEncoder;
import io.tributary.weights.pack.GgmlLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Our encoders against ggml itself, from the library in the jar of llama.cpp's Java binding. */
class GgmlEncodersTest {
  private static final long SEED = Long.getLong("test.seed", 71);
  private static final int VALUES = 1 << 18;
  private static final int WIDTH = 1024;

  @TempDir static Path folder;

  private static Path file;
  private static GgmlLibrary ggml;

  /** What the weights are. */
  enum Weights {
    NORMAL,
    HEAVY_TAILED,
    OUTLIERS,
    LM16M
  }

  @BeforeAll
  static void loadGgml() throws IOException {
    String name = "/de/kherud/llama/Linux/x86_64/libjllama.so";
    boolean fits =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    try (InputStream in = GgmlEncodersTest.class.getResourceAsStream(name)) {
      assumeTrue(fits && in != null, "llama.cpp's binding has no library for this machine");
      file = folder.resolve("libggml.so");
      Files.copy(in, file);
    }
    ggml = open(file);
    System.out.println("seed " + SEED);
  }

  /** The library, or the end of these tests where the machine can't load it. */
  private static GgmlLibrary open(Path file) {
    try {
      return new GgmlLibrary(file);
    } catch (TributaryException e) {
      return Assumptions.abort(e.getMessage());
    }
  }

  private static float[] values(Weights weights) {
    var random = new Random(SEED);
    var values = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      double value = random.nextGaussian();
      if (weights == Weights.HEAVY_TAILED) {
        // Student's t with 4 degrees of freedom.
        double squares = 0;
        for (int k = 0; k < 4; k++) {
          squares += Math.pow(random.nextGaussian(), 2);
        }
        value /= Math.sqrt(squares / 4);
      } else if (weights == Weights.OUTLIERS && random.nextInt(1000) == 0) {
        value *= 20;
      }
      values[i] = (float) (0.02 * value);
    }
    return weights == Weights.LM16M ? ofModel() : values;
  }

  /** As much of each matrix of a real model. */
  private static float[] ofModel() {
    try (WeightFile model = WeightFormats.load().open(ModelFolder.require("lm16m"))) {
      List<WeightTensor> matrices =
          model.tensors().stream().filter(tensor -> tensor.shape().size() == 2).toList();
      int each = VALUES / matrices.size() / 256 * 256;
      var values = new float[each * matrices.size()];
      for (int i = 0; i < matrices.size(); i++) {
        RowMatrix rows = model.rows(matrices.get(i).name());
        int count = (each + rows.width() - 1) / rows.width();
        var read = new float[count * rows.width()];
        rows.read(rows.rows() - count, count, read, 0);
        System.arraycopy(read, 0, values, i * each, each);
      }
      return values;
    }
  }

  private static float[] decode(GgmlType type, byte[] bytes, int count) {
    var decoded = new float[count];
    new GgmlLayout(type).unpack(bytes, 1, count, decoded, 0);
    return decoded;
  }

  static Stream<Arguments> encoders() {
    return BlockEncoder.types().stream()
        .flatMap(type -> Arrays.stream(Weights.values()).map(of -> Arguments.of(type, of)));
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void ggmlReadsOursAndWeReadItsOwn(GgmlType type, Weights weights) {
    float[] values = values(weights);
    byte[] ours = BlockEncoder.of(type).encode(values, 0, values.length, null);
    assertThat(ggml.decode(type, ours, values.length)).isEqualTo(decode(type, ours, values.length));
    byte[] theirs = ggml.encode(type, values);
    assertThat(theirs).hasSameSizeAs(ours);
    assertThat(decode(type, theirs, values.length))
        .isEqualTo(ggml.decode(type, theirs, values.length));
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void losesNoMoreThanGgml(GgmlType type, Weights weights) {
    float[] values = values(weights);
    float[] ours =
        decode(type, BlockEncoder.of(type).encode(values, 0, values.length, null), values.length);
    float[] theirs = decode(type, ggml.encode(type, values), values.length);
    double plain = error(values, ours, null) / error(values, theirs, null);
    float[] weighed = ggmlWeights(type, values);
    double asGgml = error(values, ours, weighed) / error(values, theirs, weighed);
    System.out.printf("%s %s %.4f, weighed %.4f of ggml's%n", type, weights, plain, asGgml);
    assertThat(plain).isLessThanOrEqualTo(1);
    assertThat(asGgml).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("encoders")
  void losesNoMoreThanGgmlWithImportance(GgmlType type, Weights weights) {
    float[] values = Arrays.copyOf(values(weights), VALUES / WIDTH * WIDTH);
    var random = new Random(SEED + 1);
    var importance = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      importance[i] = (float) Math.exp(random.nextGaussian());
    }
    BlockEncoder encoder = BlockEncoder.of(type);
    byte[] bytes = encoder.encode(values, 0, values.length, importance);
    float[] ours = decode(type, bytes, values.length);
    float[] theirs = decode(type, ggml.encode(type, values, importance), values.length);
    var weighed = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      weighed[i] = importance[i % WIDTH];
    }
    double found = error(values, ours, weighed) / error(values, theirs, weighed);
    System.out.printf("%s %s by importance %.4f of ggml's%n", type, weights, found);
    assertThat(found).isLessThanOrEqualTo(1);
  }

  /** How ggml weighs the values of a block that has no importance. */
  private static float[] ggmlWeights(GgmlType type, float[] values) {
    var weights = new float[values.length];
    for (int i = 0; i < values.length; i += 32) {
      double squares = 0;
      for (int j = i; j < i + 32; j++) {
        squares += (double) values[j] * values[j] / 32;
      }
      for (int j = i; j < i + 32; j++) {
        float size = Math.abs(values[j]);
        weights[j] =
            switch (type) {
              case Q2_K -> size;
              case Q4_K, Q5_K -> (float) Math.sqrt(squares) + size;
              case Q3_K, Q6_K -> size * size;
              default -> 1;
            };
      }
    }
    return weights;
  }

  private static double error(float[] values, float[] decoded, float @Nullable [] weights) {
    double error = 0;
    for (int i = 0; i < values.length; i++) {
      double off = (double) values[i] - decoded[i];
      error += (weights == null ? 1 : weights[i]) * off * off;
    }
    return error;
  }

  @ParameterizedTest
  @EnumSource(names = {"Q4_K", "Q8_0"})
  void theBenchWritesItsRows(GgmlType type) throws IOException {
    Path json = folder.resolve(type + ".json");
    var out = new StringWriter();
    int code =
        new CommandLine(new GgmlCommand())
            .setOut(new PrintWriter(out))
            .execute(file.toString(), "--quick", "--type=" + type, "--json=" + json);
    assertThat(code).as(out.toString()).isZero();
    JsonNode row = new JsonMapper().readTree(json.toFile()).at("/rows/0");
    assertThat(row.path("type").asText()).isEqualTo(type.name());
    assertThat(row.path("times_ggml").asDouble()).isPositive();
    assertThat(row.path("error").asDouble()).isLessThanOrEqualTo(row.path("ggml_error").asDouble());
    assertThat(out.toString()).contains(type.name());
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.so"), "no library");
    assertThatThrownBy(() -> new GgmlLibrary(text))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("expected a shared library of ggml");
  }
}
