package io.tributary.file.onnx;

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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxFormatTest {
  @TempDir private Path folder;

  private WeightFile open(byte[] model) throws IOException {
    return WeightFormats.load().open(Files.write(folder.resolve("model.onnx"), model));
  }

  private static float[] values(WeightFile file, String name) {
    RowMatrix rows = file.rows(name);
    var values = new float[(int) rows.rows() * rows.width()];
    rows.read(0, (int) rows.rows(), values, 0);
    return values;
  }

  @Test
  void initializersAreTensors() throws IOException {
    byte[] packed =
        new OnnxBytes()
            .bytes(1, (byte) 2)
            .number(2, OnnxTensor.FLOAT)
            .text(8, "packed")
            .bytes(4, OnnxBytes.floats(7, 8))
            .done();
    byte[] halves =
        new OnnxBytes()
            .number(1, 2)
            .number(2, OnnxTensor.FLOAT16)
            .text(8, "halves")
            .bytes(9, (byte) 0, (byte) 0x3C, (byte) 0, (byte) 0xC0)
            .done();
    try (WeightFile file = open(OnnxBytes.model(OnnxBytes.matrix("matrix"), packed, halves))) {
      assertThat(file.tensors())
          .containsExactly(
              new WeightTensor("matrix", "float32", List.of(2L, 3L), 24),
              new WeightTensor("packed", "float32", List.of(2L), 8),
              new WeightTensor("halves", "float16", List.of(2L), 4));
      assertThat(values(file, "matrix")).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(file.rows("matrix").width()).isEqualTo(3);
      assertThat(values(file, "packed")).containsExactly(7, 8);
      assertThat(values(file, "halves")).containsExactly(1, -2);
      assertThat(file.metadata()).isEmpty();
      assertThatThrownBy(() -> file.rows("other")).hasMessageContaining("initializer other");
    }
  }

  @Test
  void whatIsNoFloatIsListedAndNotRead() throws IOException {
    byte[] integers =
        new OnnxBytes().number(1, 1).number(2, 7).text(8, "integers").bytes(9, new byte[8]).done();
    byte[] elsewhere =
        new OnnxBytes().number(1, 1).number(2, OnnxTensor.FLOAT).text(8, "elsewhere").done();
    try (WeightFile file = open(OnnxBytes.model(integers, elsewhere))) {
      assertThat(file.tensors()).extracting(WeightTensor::type).contains("type 7");
      assertThatThrownBy(() -> file.rows("integers")).hasMessageContaining("element type 7");
      assertThatThrownBy(() -> file.rows("elsewhere"))
          .hasMessageContaining("expected values in this file");
    }
  }

  private static Arguments bad(String expected, byte[] model) {
    return Arguments.of(expected, model);
  }

  static Stream<Arguments> brokenModels() {
    byte[] matrix = OnnxBytes.matrix("m");
    byte[] short4 =
        new OnnxBytes().number(1, 2).number(2, 1).text(8, "s").bytes(9, new byte[4]).done();
    byte[] huge =
        new OnnxBytes().number(1, 1L << 40).number(1, 1L << 40).number(2, 1).text(8, "h").done();
    var many = new OnnxBytes();
    for (int i = 0; i < 17; i++) {
      many.number(1, 1);
    }
    return Stream.of(
        bad("found no graph", new OnnxBytes().number(1, 7).done()),
        bad("expected a name for each initializer, found 'm'", OnnxBytes.model(matrix, matrix)),
        bad("expected a name for each", OnnxBytes.model(new OnnxBytes().number(1, 1).done())),
        bad("expected 8 bytes of initializer s [2], found 4", OnnxBytes.model(short4)),
        bad("fewer than 2^63 bytes", OnnxBytes.model(huge)),
        bad("at most 16 extents", OnnxBytes.model(many.done())),
        bad("extents from 0 on", OnnxBytes.model(new OnnxBytes().number(1, -1).done())),
        bad(
            "a name of at most 1024 bytes",
            OnnxBytes.model(new OnnxBytes().text(8, "n".repeat(1025)).done())),
        bad("expected a length up to", new byte[] {0x3A, 0x7F}),
        bad("expected wire type 2 of field 5", new byte[] {0x3A, 2, 0x28, 1}),
        bad("expected a number, found the end", new byte[] {(byte) 0x80}),
        bad("at most 10 bytes", hex(0xFF, 11)),
        bad("wire type of 0, 1, 2 or 5, found 3", new byte[] {0x0B}),
        bad("a field from 1 on", new byte[] {0, 0}));
  }

  private static byte[] hex(int value, int count) {
    var bytes = new byte[count];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("brokenModels")
  void brokenModelsAreRefused(String expected, byte[] model) {
    assertThatThrownBy(() -> open(model).close())
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(expected);
  }
}
