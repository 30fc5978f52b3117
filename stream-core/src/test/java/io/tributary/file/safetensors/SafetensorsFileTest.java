package io.tributary.file.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.HalfPrecision;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  private Path write(byte[] bytes) throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.write(file, bytes);
    return file;
  }

  private static float[] values(SafetensorsFile file, String name) {
    SafetensorsTensor tensor = file.tensor(name).orElseThrow();
    var values = new float[(int) tensor.elements()];
    file.read(tensor, 0, values.length, values, 0);
    return values;
  }

  @Test
  void readsEveryReadableTypeAtOddOffsets() throws IOException {
    // The header has an odd length, so that nothing is aligned.
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[7,15]},"
            + "\"u\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
            + "\"h\":{\"dtype\":\"F16\",\"shape\":[1,2],\"data_offsets\":[3,7]},"
            + "\"f\":{\"dtype\":\"BF16\",\"shape\":[2,1],\"data_offsets\":[15,19]},"
            + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[19,19]},"
            + "\"one\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[19,23]}}  ";
    byte[] data =
        HexFormat.of()
            .parseHex("010203" + "003c01c0" + "0000c03f" + "000080ff" + "803fc0bf" + "0000003f");
    try (SafetensorsFile file = SafetensorsFile.open(write(SafetensorsBytes.file(header, data)))) {
      assertThat(file.tensors())
          .extracting(SafetensorsTensor::name)
          .containsExactly("u", "h", "b", "f", "none", "one");
      assertThat(file.header().metadata()).containsEntry("format", "pt");
      assertThat(values(file, "h")).containsExactly(1f, -0x1.004p1f);
      assertThat(values(file, "b")).containsExactly(1.5f, Float.NEGATIVE_INFINITY);
      assertThat(values(file, "f")).containsExactly(1f, -1.5f);
      assertThat(values(file, "one")).containsExactly(0.5f);
      assertThat(values(file, "none")).isEmpty();
      assertThatThrownBy(() -> values(file, "u"))
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining("tensor u: expected a dtype of [F32, F16, BF16], found U8");
      assertThatThrownBy(() -> file.rows(file.tensor("none").orElseThrow()))
          .hasMessageContaining("found shape [0, 4]");
      assertThat(file.tensor("x")).isEmpty();
    }
  }

  @Test
  void rowsAreTheLastExtent() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(4 * 24).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 24; i++) {
      data.putFloat(i);
    }
    String header = "{\"t\":{\"dtype\":\"F32\",\"shape\":[2,3,4],\"data_offsets\":[0,96]}}";
    byte[] bytes = SafetensorsBytes.file(header, data.array());
    try (SafetensorsFile file = SafetensorsFile.open(write(bytes))) {
      RowMatrix rows = file.rows(file.tensors().get(0));
      assertThat(rows.rows()).isEqualTo(6);
      assertThat(rows.width()).isEqualTo(4);
      var target = new float[9];
      rows.read(4, 2, target, 1);
      assertThat(target).containsExactly(0, 16, 17, 18, 19, 20, 21, 22, 23);
      assertThatThrownBy(() -> rows.read(5, 2, target, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> rows.read(0, 2, target, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void everyHalfPrecisionNumberIsRead() {
    for (int exponent = 0; exponent < 32; exponent++) {
      for (int fraction = 0; fraction < 1024; fraction++) {
        double expected =
            exponent == 0
                ? Math.scalb((double) fraction, -24)
                : exponent < 31
                    ? Math.scalb(1024.0 + fraction, exponent - 25)
                    : fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        int bits = exponent << 10 | fraction;
        assertThat(Double.valueOf(HalfPrecision.toFloat(bits))).isEqualTo(Double.valueOf(expected));
        assertThat(Double.valueOf(HalfPrecision.toFloat(bits | 0x8000)))
            .isEqualTo(Double.valueOf(-expected));
      }
    }
  }

  static Stream<Arguments> brokenHeaders() {
    String good = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]";
    return Stream.of(
        Arguments.of("[]", "the header: expected START_OBJECT"),
        Arguments.of("{\"a\":{" + good + "}", "header is not JSON"),
        Arguments.of("{\"a\":{" + good + "}}x", "header is not JSON"),
        Arguments.of("{\"a\":{" + good + "}}{}", "expected nothing but spaces"),
        Arguments.of("{\"a\":{" + good + "},\"a\":{" + good + "}}", "Duplicate field 'a'"),
        Arguments.of("{\"a\":{" + good + ",\"shape\":[2]}}", "Duplicate field 'shape'"),
        Arguments.of("{\"a\":{" + good + ",\"x\":1}}", "found 'x'"),
        Arguments.of("{\"a\":{" + good + "},\"b\":{" + good + "}}", "'b' overlaps the one before"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
            "'a' leaves a gap before it"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            "expected 4 bytes of data, found 8"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
            "expected 12 bytes of data, found 8"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
            "expected 12 bytes, found offsets 0 to 8"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
            "found offsets 8 to 0"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}",
            "'a': expected a dtype of [F32, F16, BF16, F64, F8_E4M3, F8_E5M2, I64, I32, I16, I8,"
                + " U64, U32, U16, U8, BOOL], found 'F31'"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "numbers from 0"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
            "expected VALUE_NUMBER_INT"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
            "expected fewer than 2^63 bytes"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
            "header is not JSON"),
        Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "expected a dtype, a shape and"),
        Arguments.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}",
            "at most 2 numbers"),
        Arguments.of("{\"__metadata__\":{\"a\":1}}", "an entry of __metadata__"),
        Arguments.of("{\"a\":[[[[[[1]]]]]]}", "expected START_OBJECT"),
        Arguments.of("{\"a\":3}", "'a': expected START_OBJECT"));
  }

  @ParameterizedTest
  @MethodSource("brokenHeaders")
  void aBrokenHeaderIsOneClearError(String header, String message) throws IOException {
    Path file = write(SafetensorsBytes.file(header, new byte[8]));
    assertThatThrownBy(() -> SafetensorsFile.open(file))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.STORAGE);
  }

  @Test
  void aWrongHeaderLengthAllocatesNothing() throws IOException {
    for (long length : new long[] {-1, 0, 1, 11, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40}) {
      Path file =
          write(SafetensorsBytes.file(length, "{}        ".getBytes(StandardCharsets.UTF_8)));
      assertThatThrownBy(() -> SafetensorsFile.open(file))
          .hasMessageContaining("header length: expected 2 to 10, found");
    }
    Path empty = write(new byte[7]);
    assertThatThrownBy(() -> SafetensorsFile.open(empty))
        .hasMessageContaining("expected at least 8 bytes, found 7");
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("absent")))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("absent");
  }

  @Test
  void anEmptyFileOfTheFormatHasNoTensors() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(write(SafetensorsBytes.file("{}")))) {
      assertThat(file.tensors()).isEmpty();
    }
  }
}
