package io.tributary.file.tensorbundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TensorBundleFormatTest {
  /** An index by hand: a/kernel, [2, 3] at 0, and a/offset, [2] at 24. */
  private static final String TYPED =
      // No byte shared, no key, 2 bytes: field 1, one file of values.
      "00 00 02 0801"
          // A key of 8 and 14 bytes: type 1, shape of 2 and 3, offset 0 left out, size 24.
          + "00 08 0e 612f6b65726e656c 0801 1208 12020802 12020803 2818"
          // 2 bytes shared, 6 others, 12 bytes: type 1, shape of 2, offset 24, size 8.
          + "02 06 0c 6f6666736574 0801 1204 12020802 2018 2808"
          // One offset, 0; not compressed; the checksum.
          + "00000000 01000000 00 b513788b"
          // The block of metadata, which is empty, at 64.
          + "00000000 01000000 00 c0f2a1b0"
          // The index's block at 77: up to key b there is a block at 0 of 59 bytes.
          + "00 01 02 62 003b 00000000 01000000 00 83b9829a"
          // Metadata at 64 of 8 bytes, index at 77 of 14; zeros; the magic number.
          + "40084d0e 000000000000000000000000000000000000000000000000000000000000000000000000"
          + "57fb808b2475 47db";

  @TempDir private Path folder;

  private WeightFile open(byte[] index, byte[] data) throws IOException {
    Files.write(folder.resolve("m.data-00000-of-00001"), data);
    return WeightFormats.load().open(Files.write(folder.resolve("m.index"), index));
  }

  private static float[] values(WeightFile file, String name) {
    RowMatrix rows = file.rows(name);
    var values = new float[(int) rows.rows() * rows.width()];
    rows.read(0, (int) rows.rows(), values, 0);
    return values;
  }

  @Test
  void typedBytes() throws IOException {
    byte[] index = HexFormat.of().parseHex(TYPED.replace(" ", ""));
    try (WeightFile file = open(index, BundleBytes.floats(1, 2, 3, 4, 5, 6, 7, 8))) {
      assertThat(file.tensors())
          .containsExactly(
              new WeightTensor("a/kernel", "float32", List.of(3L, 2L), 24),
              new WeightTensor("a/offset", "float32", List.of(2L), 8));
      // Two inputs of three outputs there, three outputs of two inputs here.
      assertThat(values(file, "a/kernel")).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(values(file, "a/offset")).containsExactly(7, 8);
      var one = new float[4];
      file.rows("a/kernel").read(1, 1, one, 1);
      assertThat(one).containsExactly(0, 2, 5, 0);
      assertThat(file.metadata()).isEmpty();
      assertThatThrownBy(() -> file.rows("b")).hasMessageContaining("expected a tensor b");
      assertThatThrownBy(() -> file.rows("a/kernel").read(3, 1, one, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void typesThatArentReadAreListed() throws IOException {
    byte[] index =
        BundleBytes.index(
            Map.of(
                "",
                BundleBytes.header(1),
                "h",
                BundleBytes.tensor(19, 0, 4, 2),
                "b",
                BundleBytes.tensor(14, 4, 2, 1),
                "step",
                BundleBytes.tensor(9, 6, 8)));
    byte[] data = HexFormat.of().parseHex("003c00c0803f0000000000000000");
    try (WeightFile file = open(index, data)) {
      assertThat(file.tensors())
          .extracting(WeightTensor::type)
          .containsExactly("float16", "bfloat16", "type 9");
      assertThat(values(file, "h")).containsExactly(1, -2);
      assertThat(values(file, "b")).containsExactly(1);
      assertThatThrownBy(() -> file.rows("step")).hasMessageContaining("found element type 9");
    }
  }

  @Test
  void severalFilesOfValues() throws IOException {
    byte[] second = BundleBytes.join(BundleBytes.tensor(1, 0, 4, 1), BundleBytes.field(3, 1));
    byte[] index =
        BundleBytes.index(
            Map.of("", BundleBytes.header(2), "x", BundleBytes.tensor(1, 0, 4, 1), "w", second));
    Files.write(folder.resolve("two.data-00000-of-00002"), BundleBytes.floats(1));
    Files.write(folder.resolve("two.data-00001-of-00002"), BundleBytes.floats(2));
    Path path = Files.write(folder.resolve("two.index"), index);
    try (WeightFile file = WeightFormats.load().open(path)) {
      assertThat(file.tensors()).extracting(WeightTensor::name).containsExactly("x", "w");
      assertThat(values(file, "w")).containsExactly(2);
    }
    Files.delete(folder.resolve("two.data-00001-of-00002"));
    assertThatThrownBy(() -> WeightFormats.load().open(path).close())
        .hasMessageContaining("can't read")
        .hasMessageContaining("two.data-00001-of-00002");
  }

  private static byte[] savedModel() throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    files.put("assets/vocab.txt", "[PAD]\na\n".getBytes(StandardCharsets.UTF_8));
    files.put("variables/variables.data-00000-of-00001", BundleBytes.floats(1, 2));
    files.put(
        "variables/variables.index",
        BundleBytes.index(Map.of("", BundleBytes.header(1), "x", BundleBytes.tensor(1, 0, 8, 2))));
    return BundleBytes.archive(files);
  }

  @Test
  void savedModelsInArchives() throws IOException {
    var outer = new LinkedHashMap<String, byte[]>();
    outer.put("META-INF/MANIFEST.MF", new byte[] {'M'});
    outer.put("models/one", savedModel());
    Path inner = Files.write(folder.resolve("model.zip"), savedModel());
    Path jar = Files.write(folder.resolve("model.jar"), BundleBytes.archive(outer));
    for (Path path : List.of(inner, jar)) {
      try (WeightFile file = WeightFormats.load().open(path)) {
        assertThat(values(file, "x")).containsExactly(1, 2);
      }
      assertThat(SavedModelArchive.read(path, "assets/vocab.txt", 8)).isPresent();
      assertThat(SavedModelArchive.read(path, "assets/other.txt", 8)).isEmpty();
      assertThatThrownBy(() -> SavedModelArchive.read(path, "assets/vocab.txt", 7))
          .hasMessageContaining("entry assets/vocab.txt: expected at most 7 bytes, found more");
    }
  }

  @Test
  void archivesOfOtherThingsAreRefused() throws IOException {
    Path other =
        Files.write(folder.resolve("other.jar"), BundleBytes.archive(Map.of("x", new byte[] {1})));
    assertThatThrownBy(() -> WeightFormats.load().open(other).close())
        .hasMessage(other + ": expected a saved model with variables/variables.index, found none");
    byte[] whole = savedModel();
    Path half = Files.write(folder.resolve("half.zip"), Arrays.copyOf(whole, 90));
    assertThatThrownBy(() -> WeightFormats.load().open(half).close())
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE));
  }

  private static byte[] one(byte[] tensor) {
    return BundleBytes.index(Map.of("", BundleBytes.header(1), "x", tensor));
  }

  private static Arguments bad(String expected, byte[] index) {
    return Arguments.of(expected, index);
  }

  static Stream<Arguments> brokenBundles() {
    byte[] good = one(BundleBytes.tensor(1, 0, 8, 2));
    byte[] damaged = good.clone();
    damaged[5] ^= 1;
    byte[] elsewhere = good.clone();
    elsewhere[good.length - 46] = 127;
    byte[] header = BundleBytes.header(1);
    var many = new long[17];
    return Stream.of(
        bad("expected the end of a table", new byte[100]),
        bad("expected the end of a table", new byte[7]),
        bad("expected checksum", damaged),
        bad("expected a block inside the table, found", elsewhere),
        bad("isn't compressed, found type 1", BundleBytes.table(BundleBytes.block(1))),
        bad(
            "ascending order",
            BundleBytes.table(
                BundleBytes.block(0, new byte[] {0, 1, 0, 'b'}, new byte[] {0, 1, 0, 'a'}))),
        bad(
            "an entry inside its block",
            BundleBytes.table(BundleBytes.block(0, new byte[] {1, 1, 0, 'b'}))),
        bad("a key of at most 1024 bytes", BundleBytes.index(Map.of("n".repeat(1025), header))),
        bad(
            "at most 5 bytes",
            BundleBytes.table(BundleBytes.block(0, new byte[] {-1, -1, -1, -1, -1, 1}))),
        bad("expected fewer offsets", BundleBytes.table(offsets(1000))),
        bad("a header under the empty key", BundleBytes.index(Map.of())),
        bad("1 to 1000 files of values", BundleBytes.index(Map.of("", BundleBytes.header(1001)))),
        bad(
            "little endian values",
            BundleBytes.index(Map.of("", BundleBytes.join(header, BundleBytes.field(2, 1))))),
        bad("expected 8 bytes of shape [2], found 4", one(BundleBytes.tensor(1, 0, 4, 2))),
        bad("inside file 0 of 1, found 8 at 4", one(BundleBytes.tensor(1, 4, 8, 2))),
        bad("a place in a file", one(BundleBytes.tensor(1, Long.MAX_VALUE, 8, 2))),
        bad("a place in a file", one(BundleBytes.tensor(1, -1, 8, 2))),
        bad("fewer than 2^63", one(BundleBytes.tensor(1, 0, 8, 1L << 40, 1L << 40))),
        bad("at most 16 extents", one(BundleBytes.tensor(1, 0, 8, many))),
        bad("extents from 0 on", one(BundleBytes.tensor(1, 0, 8, -2))),
        bad(
            "found slices of one",
            one(
                BundleBytes.join(
                    BundleBytes.tensor(1, 0, 8, 2), BundleBytes.field(7, new byte[0])))),
        bad(
            "inside file 1 of 1",
            one(BundleBytes.join(BundleBytes.tensor(1, 0, 8, 2), BundleBytes.field(3, 1)))));
  }

  /** A block that says that so many offsets stand at its end. */
  private static byte[] offsets(int count) {
    byte[] block = BundleBytes.block(0);
    System.arraycopy(BundleBytes.little(count), 0, block, 4, 4);
    return BundleBytes.sealed(block);
  }

  @ParameterizedTest
  @MethodSource("brokenBundles")
  void brokenBundlesAreRefused(String expected, byte[] index) {
    assertThatThrownBy(() -> open(index, new byte[8]).close())
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(expected);
  }
}
