package io.tributary.file.gguf;

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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFormatTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  @TempDir Path folder;

  /** Two tensors, of 3 rows of 2 float32 and of a row of 32 Q8_0, and metadata of all kinds. */
  private static byte[] file() {
    var bytes = new GgufBytes();
    bytes.bytes('G', 'G', 'U', 'F').int32(3).int64(2, 9);
    bytes.text("general.name").int32(8).text("small");
    bytes.text("llama.block_count").int32(4, 7);
    bytes.text("sign").int32(5, -7);
    bytes.text("half").int32(6, Float.floatToIntBits(0.5f));
    bytes.text("truth").int32(7).bytes(1);
    bytes.text("byte").int32(0).bytes(200);
    bytes.text("long").int32(10).int64(-1);
    bytes.text("short array").int32(9, 4).int64(3).int32(1, 2, 3);
    bytes.text("long array").int32(9, 0).int64(65).bytes(new int[65]);
    bytes.text("a").int32(2).int64(2, 3).int32(0).int64(0);
    bytes.text("b").int32(1).int64(32).int32(8).int64(32);
    bytes.align(32);
    for (int i = 0; i < 6; i++) {
      bytes.int32(Float.floatToIntBits(i));
    }
    bytes.align(32).bytes(0x00, 0x38);
    for (int i = 0; i < 32; i++) {
      bytes.bytes(i - 16);
    }
    return bytes.array();
  }

  private WeightFile open(byte[] bytes) throws IOException {
    return WeightFormats.load().open(Files.write(folder.resolve("model"), bytes));
  }

  private static float[] values(WeightFile file, String name) {
    RowMatrix rows = file.rows(name);
    var values = new float[(int) rows.rows() * rows.width()];
    rows.read(0, (int) rows.rows(), values, 0);
    return values;
  }

  @Test
  void tensorsAndMetadata() throws IOException {
    try (WeightFile file = open(file())) {
      assertThat(file.tensors())
          .containsExactly(
              new WeightTensor("a", "F32", List.of(3L, 2L), 24),
              new WeightTensor("b", "Q8_0", List.of(32L), 34));
      assertThat(values(file, "a")).containsExactly(0, 1, 2, 3, 4, 5);
      float[] b = values(file, "b");
      for (int i = 0; i < 32; i++) {
        assertThat(b[i]).isEqualTo((i - 16) * 0.5f);
      }
      assertThat(file.metadata())
          .containsEntry("general.name", "small")
          .containsEntry("llama.block_count", "7")
          .containsEntry("sign", "-7")
          .containsEntry("half", "0.5")
          .containsEntry("truth", "true")
          .containsEntry("byte", "200")
          .containsEntry("long", "18446744073709551615")
          .containsEntry("short array", "[1, 2, 3]")
          .containsEntry("long array", "[65 values]");
      assertThatThrownBy(() -> file.rows("c")).hasMessageContaining("expected a tensor c");
    }
  }

  private void refused(String message, Consumer<GgufBytes> content) {
    var bytes = new GgufBytes();
    content.accept(bytes);
    assertThatThrownBy(() -> open(bytes.array()))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.STORAGE);
  }

  private static GgufBytes begun(GgufBytes bytes, long tensors, long entries) {
    return bytes.bytes('G', 'G', 'U', 'F').int32(3).int64(tensors, entries);
  }

  @Test
  void aBrokenHeaderIsOneClearError() {
    refused("byte 4: expected 4 bytes, found the end", b -> b.bytes('G', 'G', 'U', 'F', 0));
    refused("byte 4: expected version 2 or 3, found 1", b -> b.bytes('G', 'G', 'U', 'F').int32(1));
    refused("tensors: expected 0 to 8, found 18446744073709551615", b -> begun(b, -1, 0));
    refused("metadata: expected 0 to 0, found 9", b -> begun(b, 0, 9));
    refused(
        "name of metadata: expected 0 to 1024, found 1025",
        b -> begun(b, 0, 1).int64(1025).bytes(new int[2000]));
    refused("type of metadata of 0 to 12, found 13", b -> begun(b, 0, 1).text("a").int32(13));
    refused("no array in an array", b -> begun(b, 0, 1).text("a").int32(9, 9).int64(0));
    refused(
        "values of an array: expected 0 to 1, found 2",
        b -> begun(b, 0, 1).text("a").int32(9, 4).int64(2).bytes(0));
    refused(
        "metadata: expected each name once, found again 'a'",
        b -> begun(b, 0, 2).text("a").int32(4, 1).text("a").int32(4, 1));
    refused(
        "general.alignment: expected 1 to 1048576, found '0'",
        b -> begun(b, 0, 1).text("general.alignment").int32(4, 0));
    refused("'a': expected 1 to 4 extents, found 5", b -> begun(b, 1, 0).text("a").int32(5));
    refused(
        "'a': expected a type known here, found 4",
        b -> begun(b, 1, 0).text("a").int32(1).int64(32).int32(4).int64(0));
    refused(
        "the last a multiple of 256, found [2, 32]",
        b -> begun(b, 1, 0).text("a").int32(2).int64(32, 2).int32(12).int64(0));
    refused(
        "expected fewer than 2^63 values and bytes",
        b -> begun(b, 1, 0).text("a").int32(2).int64(1L << 32, 1L << 32).int32(0).int64(0));
    refused(
        "'a': expected 128 bytes from 64, found 0",
        b -> begun(b, 1, 0).text("a").int32(1).int64(32).int32(0).int64(0));
    refused(
        "'a': expected to begin at 0 of the data, found 32",
        b -> begun(b, 1, 0).text("a").int32(1).int64(1).int32(0).int64(32).bytes(new int[99]));
    refused(
        "expected nothing behind the last tensor",
        b -> begun(b, 1, 0).text("a").int32(1).int64(1).int32(0).int64(0).bytes(new int[99]));
    refused(
        "'a': expected each name once",
        b ->
            begun(b, 2, 0)
                .text("a")
                .int32(1)
                .int64(8)
                .int32(0)
                .int64(0)
                .text("a")
                .int32(1)
                .int64(8)
                .int32(0)
                .int64(32)
                .align(32)
                .bytes(new int[64]));
  }

  @Test
  void aTypeOfWhichOnlyTheSizeIsKnownIsRefusedWhenItIsRead() throws IOException {
    var bytes = new GgufBytes();
    begun(bytes, 1, 0).text("a").int32(1).int64(256).int32(GgmlType.IQ4_XS.number()).int64(0);
    bytes.align(32).bytes(new int[136]);
    try (WeightFile file = open(bytes.array())) {
      assertThat(file.tensors())
          .containsExactly(new WeightTensor("a", "IQ4_XS", List.of(256L), 136));
      assertThatThrownBy(() -> file.rows("a"))
          .hasMessageContaining(
              "tensor a: expected a type of [F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K,"
                  + " Q4_K, Q5_K, Q6_K, BF16], found IQ4_XS");
    }
  }

  @Test
  void hostileHeadersEndInTheDeclaredErrorOrInTensorsInsideTheFile() throws IOException {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    byte[] good = file();
    Path path = folder.resolve("fuzz");
    for (int i = 0; i < 200; i++) {
      byte[] bytes = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] =
            (byte) (random.nextBoolean() ? random.nextInt(16) : random.nextInt());
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
      Files.write(path, Arrays.copyOf(bytes, length));
      try (WeightFile file = new GgufFormat().open(path)) {
        long sum = file.tensors().stream().mapToLong(WeightTensor::bytes).sum();
        assertThat(sum).isBetween(0L, (long) length);
        for (WeightTensor tensor : file.tensors()) {
          if (tensor.elements() > 0 && GgmlType.valueOf(tensor.type()).blocks().isPresent()) {
            values(file, tensor.name());
          }
        }
      } catch (TributaryException expected) {
        assertThat(expected.code()).isEqualTo(ErrorCode.STORAGE);
      }
    }
  }
}
