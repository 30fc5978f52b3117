package io.tributary.file.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Safetensors as one of the formats of weights: a file, and several with an index. */
class SafetensorsFormatTest {
  private static final WeightFormats FORMATS = WeightFormats.load();
  private static final String INDEX = "model.safetensors.index.json";

  private static final String GOOD_INDEX =
      "{\"metadata\":{\"total_size\":20,\"config\":{\"heads\":6},\"ignored\":[1]},\"weight_map\":"
          + "{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\",\"c\":\"two.safetensors\"}}";

  @TempDir Path folder;

  @BeforeEach
  void writeShards() throws IOException {
    Files.write(
        folder.resolve("one.safetensors"),
        SafetensorsBytes.file(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}",
            HexFormat.of().parseHex("0000803f00000040")));
    Files.write(
        folder.resolve("two.safetensors"),
        SafetensorsBytes.file(
            "{\"c\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
            HexFormat.of().parseHex("803f0040404080400000a040")));
  }

  private static float[] values(WeightFile file, String name) {
    RowMatrix rows = file.rows(name);
    var values = new float[(int) rows.rows() * rows.width()];
    rows.read(0, (int) rows.rows(), values, 0);
    return values;
  }

  @Test
  void oneFile() {
    try (WeightFile file = FORMATS.open(folder.resolve("one.safetensors"))) {
      assertThat(file.tensors()).containsExactly(new WeightTensor("a", "F32", List.of(1L, 2L), 8));
      assertThat(file.metadata()).containsEntry("format", "pt");
      assertThat(values(file, "a")).containsExactly(1, 2);
      assertThatThrownBy(() -> file.rows("b"))
          .isInstanceOf(TributaryException.class)
          .hasMessageEndingWith("one.safetensors: expected a tensor b, found none of that name");
    }
  }

  @Test
  void oneFileIsKnownByItsBytesOrByItsFolder() throws IOException {
    Path renamed = Files.copy(folder.resolve("one.safetensors"), folder.resolve("weights"));
    try (WeightFile file = FORMATS.open(renamed)) {
      assertThat(values(file, "a")).containsExactly(1, 2);
    }
    Files.copy(renamed, folder.resolve("model.safetensors"));
    try (WeightFile file = FORMATS.open(folder)) {
      assertThat(values(file, "a")).containsExactly(1, 2);
    }
  }

  @Test
  void severalFiles() throws IOException {
    Files.writeString(folder.resolve(INDEX), GOOD_INDEX);
    for (Path named : List.of(folder, folder.resolve(INDEX))) {
      try (WeightFile file = FORMATS.open(named)) {
        assertThat(file.tensors()).extracting(WeightTensor::name).containsExactly("a", "c", "b");
        assertThat(file.metadata())
            .hasSize(3)
            .containsEntry("format", "pt")
            .containsEntry("total_size", "20")
            .containsEntry("config.heads", "6");
        assertThat(values(file, "a")).containsExactly(1, 2);
        assertThat(values(file, "b")).containsExactly(5);
        assertThat(values(file, "c")).containsExactly(1, 2, 3, 4);
        assertThatThrownBy(() -> file.rows("d")).hasMessageContaining("expected a tensor d");
      }
    }
  }

  static Stream<Arguments> brokenIndexes() {
    return Stream.of(
        Arguments.of("{}", "expected a weight_map with tensors, found none"),
        Arguments.of("[]", "the index: expected START_OBJECT, found START_ARRAY"),
        Arguments.of("{\"weight_map\":{\"a\":\"one.safetensors\"", "index is not JSON"),
        Arguments.of("{\"weight_map\":3}", "weight_map: expected START_OBJECT"),
        Arguments.of("{\"weight_map\":{\"a\":3}}", "an entry of weight_map: expected VALUE_STRING"),
        Arguments.of("{\"weight_map\":{\"a\":\"../x\"}}", "expected the name of a file beside it"),
        Arguments.of("{\"weight_map\":{\"a\":\"/x\"}}", "expected the name of a file beside it"),
        Arguments.of("{\"weight_map\":{\"a\":\"one\",\"a\":\"two\"}}", "Duplicate field 'a'"),
        Arguments.of("{\"weight_map\":{\"a\":\"one.safetensors\"}}{}", "nothing but spaces"),
        Arguments.of("{\"weight_map\":{\"a\":\"absent.safetensors\"}}", "absent.safetensors"),
        Arguments.of(
            "{\"weight_map\":{\"x\":\"one.safetensors\",\"a\":\"one.safetensors\"}}",
            "expected tensor x in one.safetensors, found none"),
        Arguments.of(
            "{\"weight_map\":{\"b\":\"two.safetensors\"}}",
            "expected to find tensor c of two.safetensors in it"));
  }

  @ParameterizedTest
  @MethodSource("brokenIndexes")
  void aBrokenIndexIsOneClearError(String json, String message) throws IOException {
    Path index = Files.writeString(folder.resolve(INDEX), json);
    assertThatThrownBy(() -> FORMATS.open(index))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.STORAGE);
  }

  @Test
  void somethingElseIsNoFileOfWeights() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "just words, and more than a few");
    for (Path named : List.of(text, folder)) {
      assertThatThrownBy(() -> FORMATS.open(named))
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining(": expected a file of weights, one of [");
    }
    assertThatThrownBy(() -> FORMATS.open(folder.resolve("absent")))
        .hasMessageContaining("can't read");
  }
}
