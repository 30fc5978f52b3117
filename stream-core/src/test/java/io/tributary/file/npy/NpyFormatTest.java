package io.tributary.file.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NpyFormatTest {
  private static final long SEED = Long.getLong("test.seed", 7);

  @TempDir Path folder;

  private static byte[] npy(int version, String header, byte... data) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    ByteBuffer length = ByteBuffer.allocate(version == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN);
    out.writeBytes(
        (version == 1 ? length.putShort((short) header.length()) : length.putInt(header.length()))
            .array());
    out.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(data);
    return out.toByteArray();
  }

  private static String header(String type, String order, String shape) {
    return "{'descr': '"
        + type
        + "', 'fortran_order': "
        + order
        + ", 'shape': "
        + shape
        + ", }  \n";
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private WeightFile open(String name, byte[] bytes) throws IOException {
    return WeightFormats.load().open(Files.write(folder.resolve(name), bytes));
  }

  private static float[] values(WeightFile file, String name) {
    RowMatrix rows = file.rows(name);
    var values = new float[(int) rows.rows() * rows.width()];
    rows.read(0, (int) rows.rows(), values, 0);
    return values;
  }

  @Test
  void anArrayIsATensorNamedAfterItsFile() throws IOException {
    byte[] bytes = npy(1, header("<f4", "False", "(2, 3)"), floats(1, 2, 3, 4, 5, 6));
    try (WeightFile file = open("weights.npy", bytes)) {
      assertThat(file.tensors())
          .containsExactly(new WeightTensor("weights", "<f4", List.of(2L, 3L), 24));
      assertThat(values(file, "weights")).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(file.rows("weights").width()).isEqualTo(3);
      assertThatThrownBy(() -> file.rows("other")).hasMessageContaining("found weights alone");
    }
  }

  @Test
  void everyFormOfAHeader() throws IOException {
    byte[] half = {0, 0x3C, 0, (byte) 0xC0};
    try (WeightFile file = open("h", npy(2, header("<f2", "False", "(2,)"), half))) {
      assertThat(values(file, "h")).containsExactly(1, -2);
    }
    try (WeightFile file = open("s", npy(3, header("<f4", "True", "()"), floats(7)))) {
      assertThat(values(file, "s")).containsExactly(7);
    }
    String compact = "{'descr':'<f4','fortran_order':False,'shape':(1,1)}";
    try (WeightFile file = open("c", npy(1, compact, floats(8)))) {
      assertThat(values(file, "c")).containsExactly(8);
    }
  }

  @Test
  void whatIsNotFloat32IsListedAndRefused() throws IOException {
    try (WeightFile file = open("d", npy(1, header("<f8", "False", "(1,)"), new byte[8]))) {
      assertThat(file.tensors()).containsExactly(new WeightTensor("d", "<f8", List.of(1L), 8));
      assertThatThrownBy(() -> file.rows("d"))
          .hasMessageContaining("expected a descr of <f4 or <f2, found <f8");
    }
    byte[] columns = npy(1, header("<f4", "True", "(1, 2)"), floats(1, 2));
    try (WeightFile file = open("f", columns)) {
      assertThatThrownBy(() -> file.rows("f")).hasMessageContaining("fortran_order False");
    }
  }

  static Stream<Arguments> broken() {
    byte[] four = new byte[4];
    return Stream.of(
        Arguments.of(
            npy(1, header("<f4", "False", "(2,)"), four), "expected 8 bytes of <f4 [2], found 4"),
        Arguments.of(npy(4, header("<f4", "False", "(1,)"), four), "version 1 to 3, found 4"),
        Arguments.of(npy(1, "{'descr': '<f4'}      ", four), "expected a header of descr"),
        Arguments.of(npy(1, header("<f4", "Maybe", "(1,)"), four), "expected a header of descr"),
        Arguments.of(
            npy(1, header("<f4", "False", "(1 1)"), four), "at most 16 extents below 10^18"),
        Arguments.of(
            npy(1, header("<f4", "False", "(99999999999, 99999999999)"), four),
            "expected fewer than 2^63 bytes"),
        Arguments.of(
            npy(1, header("<f4", "False", "(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)")),
            "at most 16 extents"),
        Arguments.of(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 9}, "found the end"),
        Arguments.of(
            new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1, 0},
            "a header of at most 1 bytes, found 4294967295"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenFileIsOneClearError(byte[] bytes, String message) {
    assertThatThrownBy(() -> open("x.npy", bytes))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.STORAGE);
  }

  private static byte[] npz(Map<String, byte[]> entries) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      boolean stored = true;
      for (Map.Entry<String, byte[]> content : entries.entrySet()) {
        var entry = new ZipEntry(content.getKey());
        if (stored) {
          var crc = new CRC32();
          crc.update(content.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(content.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        OutputStream to = zip;
        to.write(content.getValue());
        stored = !stored;
      }
    }
    return out.toByteArray();
  }

  private static Map<String, byte[]> arrays() {
    return new TreeMap<>(
        Map.of(
            "a.npy", npy(1, header("<f4", "False", "(2,)"), floats(1, 2)),
            "b.npy", npy(1, header("<f4", "False", "(2, 2)"), floats(3, 4, 5, 6)),
            "c.npy", npy(1, header("|b1", "False", "(3,)"), new byte[3])));
  }

  @Test
  void anArchiveHasStoredAndDeflatedArrays() throws IOException {
    try (WeightFile file = open("model.npz", npz(arrays()))) {
      assertThat(file.tensors())
          .containsExactly(
              new WeightTensor("a", "<f4", List.of(2L), 8),
              new WeightTensor("b", "<f4", List.of(2L, 2L), 16),
              new WeightTensor("c", "|b1", List.of(3L), 3));
      assertThat(values(file, "b")).containsExactly(3, 4, 5, 6);
      assertThat(values(file, "a")).containsExactly(1, 2);
      assertThat(values(file, "b")).containsExactly(3, 4, 5, 6);
      assertThatThrownBy(() -> file.rows("d")).hasMessageContaining("expected a tensor d");
      assertThatThrownBy(() -> file.rows("c")).hasMessageContaining("found |b1");
    }
  }

  @Test
  void anArchiveOfOtherThingsIsRefused() {
    assertThatThrownBy(() -> open("model.npz", npz(Map.of("readme", new byte[3]))))
        .hasMessageContaining("expected arrays alone, found an entry 'readme'");
    assertThatThrownBy(() -> open("model.npz", npz(Map.of("a.npy", new byte[30]))))
        .hasMessageContaining("entry 'a.npy', byte 0: expected the byte 0x93 and NUMPY");
  }

  @Test
  void hostileFilesEndInTheDeclaredErrorOrInTensorsThatFit() throws IOException {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    byte[] array = npy(1, header("<f4", "False", "(2, 3)"), floats(1, 2, 3, 4, 5, 6));
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = array.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] =
            (byte)
                (random.nextBoolean()
                    ? "0123456789(),'{}<fT".charAt(random.nextInt(19))
                    : random.nextInt());
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
      try {
        NpyHeader found =
            NpyHeader.parse("fuzz", ByteBuffer.wrap(Arrays.copyOf(bytes, length)), length);
        assertThat(found.dataAt() + found.tensor("x").bytes()).isEqualTo(length);
      } catch (TributaryException expected) {
        assertThat(expected.code()).isEqualTo(ErrorCode.STORAGE);
      }
    }
    byte[] archive = npz(arrays());
    for (int i = 0; i < 100; i++) {
      byte[] bytes = archive.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Path path = Files.write(folder.resolve("fuzz.npz"), bytes);
      try (WeightFile file = new NpzFormat().open(path)) {
        for (WeightTensor tensor : file.tensors()) {
          values(file, tensor.name());
        }
      } catch (TributaryException expected) {
        assertThat(expected.code()).isEqualTo(ErrorCode.STORAGE);
      }
    }
  }
}
