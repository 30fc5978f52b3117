package io.tributary.bench.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.tensor.ArrayRows;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InspectCommandTest {
  private static final int ROWS = 400;
  private static final int WIDTH = 16;

  @TempDir Path folder;

  /**
   * A file with a matrix whose first column is five times as large, one with a NaN, and integers.
   */
  private Path file() throws IOException {
    int bytes = 4 * ROWS * WIDTH;
    String header =
        String.format(
            java.util.Locale.ROOT,
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]},"
                + "\"i\":{\"dtype\":\"I8\",\"shape\":[3],\"data_offsets\":[%d,%d]}}",
            ROWS,
            WIDTH,
            bytes,
            bytes,
            bytes + 8,
            bytes + 8,
            bytes + 11);
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(8 + json.length + bytes + 11).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(json.length).put(json);
    var random = new Random(1);
    for (int i = 0; i < ROWS * WIDTH; i++) {
      out.putFloat((float) (random.nextGaussian() * (i % WIDTH == 0 ? 5 : 1)));
    }
    out.putFloat(Float.NaN).putFloat(1);
    Path file = folder.resolve("model.safetensors");
    Files.write(file, out.array());
    return file;
  }

  private static String run(String... arguments) {
    var text = new StringWriter();
    int code =
        new CommandLine(new InspectCommand()).setOut(new PrintWriter(text)).execute(arguments);
    assertThat(code).isZero();
    return text.toString();
  }

  @Test
  void tensorsAreListed() throws IOException {
    assertThat(run(file().toString()).lines())
        .hasSize(4)
        .anyMatch(
            line -> line.equals("3 tensors, 6405 weights, 25611 bytes, 31.9888 bits a weight"))
        .anyMatch(line -> line.matches("a +F32 +\\[400, 16] +25600 bytes +32[.]0000 bits"))
        .anyMatch(line -> line.matches("i +I8 +\\[3] +3 bytes +8[.]0000 bits"));
  }

  @Test
  void theSpectrumIsNearTheTruth() throws IOException {
    Path json = folder.resolve("facts.json");
    String text = run(file().toString(), "--spectrum", "--json", json.toString());
    assertThat(text).contains("rows that hold NaN or infinity, left out: 1");
    JsonNode found = new ObjectMapper().readTree(json.toFile());
    assertThat(found.path("run").path("options").get(1).asText()).isEqualTo("--spectrum");
    JsonNode spectrum = found.path("tensors").get(0).path("spectrum");
    assertThat(spectrum.path("rows").asInt()).isEqualTo(ROWS);
    assertThat(spectrum.path("top_eigenvalue").asDouble()).isBetween(7000.0, 13_000.0);
    assertThat(spectrum.path("top_share").asDouble()).isBetween(0.5, 0.75);
    assertThat(spectrum.path("gap").asDouble()).isBetween(10.0, 40.0);
    assertThat(found.path("tensors").get(1).path("spectrum").path("verdict").asText())
        .isEqualTo("empty");
    assertThat(found.path("tensors").get(2).has("spectrum")).isFalse();
  }

  /** One column is five times as large as the others, and one value far beyond all. */
  @Test
  void outliersAndImbalance() throws IOException {
    Path json = folder.resolve("facts.json");
    String text = run(file().toString(), "--outliers", "--json", json.toString());
    assertThat(text.lines().filter(line -> line.startsWith("a ")))
        .singleElement(InstanceOfAssertFactories.STRING)
        .containsPattern("rms 1[.]\\d+ +largest \\d+[.]\\d +kurtosis \\d+[.]\\d+ +outliers \\d+");
    JsonNode tensors = new ObjectMapper().readTree(json.toFile()).path("tensors");
    JsonNode spread = tensors.get(0).path("spread");
    assertThat(spread.path("rms").asDouble()).isCloseTo(Math.sqrt((25 + 15) / 16.0), within(0.1));
    assertThat(spread.path("kurtosis").asDouble()).isBetween(12.0, 25.0);
    assertThat(spread.path("imbalance").asDouble()).isGreaterThan(5);
    assertThat(tensors.get(1).has("spread")).as("it holds a NaN").isFalse();

    var values = new float[4 * 130];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? 1 : -1;
    }
    values[1] = 100;
    TensorFacts.Spread one = Objects.requireNonNull(SpreadReader.read(new ArrayRows(values, 130)));
    double rms = Math.sqrt((519 + 10_000) / 520.0);
    assertThat(one.rms()).isCloseTo(rms, within(1e-9));
    assertThat(one.largest()).isCloseTo(100 / rms, within(1e-9));
    assertThat(one.outliers()).isEqualTo(1);
    assertThat(SpreadReader.read(new ArrayRows(new float[8], 4))).as("zeros").isNull();
  }

  /** By the definition: a matrix whose columns are orthogonal has their lengths. */
  @Test
  void singularValuesAreThoseOfAKnownMatrix() {
    for (boolean tall : new boolean[] {true, false}) {
      int n = 6;
      int many = 12;
      var values = new float[n * many];
      for (int i = 0; i < n; i++) {
        int at = 2 * i + 1;
        values[tall ? at * n + i : i * many + at] = i - 3;
      }
      double[] found = SingularValues.of(new ArrayRows(values, tall ? n : many));
      assertThat(found).containsExactly(new double[] {3, 2, 2, 1, 1, 0}, within(1e-7));
    }
    assertThat(SingularValues.of(new ArrayRows(new float[] {Float.NaN, 1}, 2))).isNull();
  }

  /** The sum of their squares is that of the matrix's values; a rotation changes none. */
  @Test
  void singularValuesOfAnyMatrix() {
    long seed = Long.getLong("test.seed", 3);
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var values = new float[50 * 40];
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
      squares += (double) values[i] * values[i];
    }
    double[] found = SingularValues.of(new ArrayRows(values, 40));
    assertThat(found).hasSize(40);
    assertThat(java.util.Arrays.stream(found).map(v -> v * v).sum())
        .isCloseTo(squares, within(1e-6 * squares));
    var across = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      across[i % 40 * 50 + i / 40] = values[i];
    }
    assertThat(SingularValues.of(new ArrayRows(across, 50))).containsExactly(found, within(1e-9));
  }

  @Test
  void singularValuesAreDrawn() throws IOException {
    Path json = folder.resolve("facts.json");
    Path plot = folder.resolve("plot.svg");
    run(file().toString(), "--plot", plot.toString(), "--json", json.toString());
    JsonNode tensors = new ObjectMapper().readTree(json.toFile()).path("tensors");
    assertThat(tensors.get(0).path("singular_values")).hasSize(WIDTH);
    assertThat(tensors.get(1).has("singular_values")).isFalse();
    assertThat(Files.readString(plot))
        .startsWith("<svg")
        .contains(">a</text>")
        .endsWith("</svg>\n");
  }
}
