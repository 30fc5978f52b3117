package io.tributary.file.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.ArrayRows;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir Path folder;

  /** Tensors in memory, the last of which fails to be read if its name says so. */
  private record InMemory(List<WeightTensor> tensors) implements WeightFile {
    @Override
    public Map<String, String> metadata() {
      return Map.of("quote", "a \"b\"");
    }

    @Override
    public RowMatrix rows(String name) {
      WeightTensor tensor =
          tensors.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
      if (name.equals("broken")) {
        throw new TributaryException(ErrorCode.STORAGE, "broken");
      }
      var values = new float[(int) tensor.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i / 3f;
      }
      return new ArrayRows(values, (int) tensor.width());
    }

    @Override
    public void close() {}
  }

  private static WeightTensor tensor(String name, Long... shape) {
    return new WeightTensor(name, "x", List.of(shape), 1);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("out.safetensors");
    var source =
        new InMemory(List.of(tensor("a", 2L, 700L, 900L), tensor("none", 0L, 3L), tensor("one")));
    long bytes = SafetensorsWriter.write(source, file);
    assertThat(Files.size(file)).isEqualTo(bytes);
    byte[] beginning = Arrays.copyOf(Files.readAllBytes(file), 68);
    assertThat(new String(beginning, 8, 60, StandardCharsets.UTF_8))
        .startsWith("{\"__metadata__\":{\"quote\":\"a \\\"b\\\"\"},\"a\":{\"dtype\":\"F32\"");
    assertThat(beginning[0] % 8).isZero();
    try (WeightFile written = WeightFormats.load().open(file)) {
      assertThat(written.metadata()).isEqualTo(source.metadata());
      assertThat(written.tensors()).extracting(WeightTensor::name).contains("a", "none", "one");
      var expected = new float[2 * 700 * 900];
      var found = new float[expected.length];
      source.rows("a").read(0, 1400, expected, 0);
      written.rows("a").read(0, 1400, found, 0);
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void aFailureLeavesWhatWasThere() throws IOException {
    Path file = folder.resolve("out.safetensors");
    Files.writeString(file, "old");
    var source = new InMemory(List.of(tensor("a", 4L, 4L), tensor("broken", 2L)));
    assertThatThrownBy(() -> SafetensorsWriter.write(source, file)).hasMessage("broken");
    assertThat(file).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
