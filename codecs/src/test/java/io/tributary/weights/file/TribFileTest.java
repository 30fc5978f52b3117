package io.tributary.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.PlainLayout;
import io.tributary.weights.pack.ScaleType;
import io.tributary.weights.transform.ColumnOrder;
import io.tributary.weights.transform.ColumnRotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TribFileTest {
  private static final long SEED = Long.getLong("test.seed", 21);
  private static final int ROWS = 10;
  private static final int WIDTH = 24;

  /**
   * Typed by hand: one entry of metadata, one tensor "v" of two bf16 values, one piece of side
   * bytes without bytes, one block of four.
   */
  private static final String GOLDEN =
      "54524942" // TRIB
          + "0100" // version
          + "0000" // flags
          + "4d000000" // bytes of the index
          + "%s" // its CRC32C
          + "01000000" // entries of metadata
          + "0100"
          + "6b"
          + "0100"
          + "76" // k, v
          + "01000000" // tensors
          + "0100"
          + "76" // v
          + "0300"
          + "463332" // F32
          + "0500"
          + "706c61696e" // plain
          + "01"
          + "0200000000000000" // shape
          + "01000000" // rows of a block
          + "0f00"
          + "706c61696e2c747970653d62663136" // plain,type=bf16
          + "00" // transforms
          + "01" // sections
          + "00000000"
          + "00000000" // side bytes
          + "04000000"
          + "%s" // the block
          + "803f"
          + "20c0"; // 1, -2.5

  @TempDir Path folder;

  private static String checksum(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    int crc = TribIndex.checksum(bytes, 0, bytes.length);
    return HexFormat.of().toHexDigits(Integer.reverseBytes(crc));
  }

  private static byte[] golden() {
    String block = checksum("803f20c0");
    String whole = String.format(GOLDEN, "00000000", block);
    String index = whole.substring(32, whole.length() - 8);
    return HexFormat.of().parseHex(String.format(GOLDEN, checksum(index), block));
  }

  private Path write(byte[] bytes) throws IOException {
    Path file = folder.resolve("model.trib");
    Files.write(file, bytes);
    return file;
  }

  /** What a map's order is may differ from process to process. */
  @Test
  void aFileDependsOnWhatIsInItAlone() throws IOException {
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("b", "1");
    metadata.put("a", "2");
    Path one = folder.resolve("one.trib");
    Path other = folder.resolve("other.trib");
    try (TribWriter writer = TribWriter.create(one, false)) {
      writer.finish(metadata);
    }
    metadata.put("b", metadata.remove("b"));
    try (TribWriter writer = TribWriter.create(other, false)) {
      writer.finish(metadata);
    }
    assertThat(one).hasSameBinaryContentAs(other);
  }

  @Test
  void bytesAreAsSpecified() throws IOException {
    // The checksum's own check value, from RFC 3720.
    assertThat(checksum("313233343536373839")).isEqualTo("839206e3");
    try (WeightFile file = WeightFormats.load().open(write(golden()))) {
      assertThat(file.metadata()).containsExactly(Map.entry("k", "v"));
      assertThat(file.tensors()).containsExactly(new WeightTensor("v", "plain", List.of(2L), 4));
      var values = new float[2];
      file.rows("v").read(0, 1, values, 0);
      assertThat(values).containsExactly(1, -2.5f);
      assertThatThrownBy(() -> file.rows("w")).hasMessageContaining("no tensor w");
    }
    Path written = folder.resolve("written.trib");
    try (TribWriter writer = TribWriter.create(written, false)) {
      var layout = new PlainLayout(ScaleType.BF16);
      writer.begin(new TribTensor("v", "F32", "plain", List.of(2L), 1, layout, List.of()));
      writer.block(layout.pack(new float[] {1, -2.5f}, 0, 2));
      assertThat(writer.finish(Map.of("k", "v"))).isEqualTo(golden().length);
    }
    assertThat(Files.readAllBytes(written)).isEqualTo(golden());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  private static GridMatrix matrix() {
    var random = new Random(SEED);
    var layout = new GridLayout(4, 8, ScaleType.F16, ZeroForm.NONE);
    GridMatrix matrix = GridMatrix.empty(layout, ROWS, WIDTH);
    for (int i = 0; i < matrix.codes().length; i++) {
      matrix.codes()[i] = (byte) random.nextInt(16);
    }
    for (int i = 0; i < matrix.scales().length; i++) {
      matrix.scales()[i] = ScaleType.F16.round(random.nextFloat());
    }
    return matrix;
  }

  /** Two matrices in blocks of three rows, one of them rotated in a reversed order of columns. */
  private Path example(boolean progressive) {
    Path file = folder.resolve("example.trib");
    var reversed = new int[WIDTH];
    Arrays.setAll(reversed, j -> WIDTH - 1 - j);
    var transforms = List.of(new ColumnRotation(7, WIDTH), ColumnOrder.of(reversed));
    GridMatrix matrix = matrix();
    try (TribWriter writer = TribWriter.create(file, progressive)) {
      List<Long> shape = List.of(2L, 5L, (long) WIDTH);
      writer.begin(new TribTensor("a", "F32", "x:4", shape, 3, matrix.layout(), List.of()));
      blocks(writer, matrix);
      writer.begin(new TribTensor("none", "F32", "plain", List.of(0L, 4L), 1, plain(), List.of()));
      writer.begin(new TribTensor("b", "F32", "x:4", shape, 3, matrix.layout(), transforms));
      blocks(writer, matrix);
      writer.begin(new TribTensor("one", "F32", "plain", List.of(), 1, plain(), List.of()));
      writer.block(plain().pack(new float[] {0.25f}, 0, 1));
      writer.finish(Map.of());
    }
    return file;
  }

  private static PlainLayout plain() {
    return new PlainLayout(ScaleType.F32);
  }

  private static void blocks(TribWriter writer, GridMatrix matrix) {
    for (int first = 0; first < ROWS; first += 3) {
      writer.block(matrix.layout().pack(matrix, first, Math.min(3, ROWS - first)));
    }
  }

  private static float[] values(WeightFile file, String name) {
    RowMatrix rows = file.rows(name);
    var values = new float[(int) rows.rows() * rows.width()];
    rows.read(0, (int) rows.rows(), values, 0);
    return values;
  }

  private static void checkSomeRows(RowMatrix rows, float[] all) {
    var random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      int first = random.nextInt(ROWS);
      int count = random.nextInt(ROWS - first + 1);
      var some = new float[count * WIDTH + 1];
      rows.read(first, count, some, 1);
      assertThat(Arrays.copyOfRange(some, 1, some.length))
          .containsExactly(Arrays.copyOfRange(all, first * WIDTH, (first + count) * WIDTH));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyRowsAreReadInAnyOrder(boolean progressive) {
    System.out.println("seed " + SEED);
    GridMatrix matrix = matrix();
    try (TribFile file = TribFile.open(example(progressive))) {
      float[] all = values(file, "a");
      for (int i = 0; i < all.length; i++) {
        assertThat(all[i]).isEqualTo(matrix.value(i / WIDTH, i % WIDTH));
      }
      float[] expected = all.clone();
      for (int i = file.contents().get(2).transforms().size() - 1; i >= 0; i--) {
        file.contents().get(2).transforms().get(i).undo(expected, 0, ROWS, WIDTH);
      }
      float[] undone = values(file, "b");
      assertThat(undone).containsExactly(expected);
      RowMatrix rows = file.rows("b");
      checkSomeRows(rows, undone);
      assertThatThrownBy(() -> rows.read(8, 3, new float[100], 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      try (var workers = new RowWorkers(3)) {
        WeightFile shared = file.readBy(workers);
        assertThat(shared.tensors()).isEqualTo(file.tensors());
        assertThat(values(shared, "a")).containsExactly(all);
        checkSomeRows(shared.rows("b"), undone);
      }
      assertThat(values(file, "one")).containsExactly(0.25f);
      assertThatThrownBy(() -> file.rows("none"))
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining("found shape [0, 4]");
      long bytes = file.tensors().stream().mapToLong(WeightTensor::bytes).reduce(0, Long::sum);
      assertThat(bytes).isEqualTo(2 * ROWS * (6 + 12) + 2 * WIDTH + 4);
    }
  }

  /**
   * Each beginning of a progressive file from the first sections on is a model, and better ones
   * follow.
   */
  @Test
  void aBeginningIsACoarserModel() throws IOException {
    byte[] whole = Files.readAllBytes(example(true));
    float[] best;
    try (TribFile file = TribFile.open(folder.resolve("example.trib"))) {
      best = values(file, "a");
    }
    double before = Double.POSITIVE_INFINITY;
    int planes = 1;
    int opened = 0;
    for (int length = 0; length <= whole.length; length++) {
      Path part = write(Arrays.copyOf(whole, length));
      float[] found;
      try (TribFile file = TribFile.openPart(part)) {
        found = values(file, "a");
        TribExtent extent = file.extent();
        assertThat(extent.bytes()).isEqualTo(length);
        assertThat(extent.wholeBytes()).isEqualTo(whole.length);
        assertThat(extent.isWhole()).isEqualTo(length == whole.length);
        assertThat(extent.planes()).isBetween(planes, extent.allPlanes());
        planes = extent.planes();
        long there = file.tensors().stream().mapToLong(WeightTensor::bytes).sum();
        assertThat(there).isLessThan(length);
      } catch (TributaryException e) {
        assertThat(opened).as("no longer readable at %d", length).isZero();
        continue;
      }
      opened++;
      double error = 0;
      for (int i = 0; i < best.length; i++) {
        error += Math.pow((double) best[i] - found[i], 2);
      }
      assertThat(error).isLessThanOrEqualTo(before);
      before = error;
    }
    assertThat(before).isZero();
    assertThat(opened).isGreaterThan(2 * ROWS * 3 * 3);
    Path part = write(Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> TribFile.open(part))
        .hasMessageContaining("bytes behind the index")
        .hasMessageContaining("if its name ends in .part");
    Path named = Files.move(part, folder.resolve("example.trib.part"));
    try (WeightFile file = new TribFormat().open(named)) {
      assertThat(((TribFile) file).extent().toString()).startsWith("3 of 4 planes, 99.");
    }
  }

  @Test
  void aDamagedPieceIsFoundWhereItIs() throws IOException {
    byte[] bytes = golden();
    bytes[bytes.length - 2] ^= 1;
    try (TribFile file = TribFile.open(write(bytes))) {
      assertThatThrownBy(() -> values(file, "v"))
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining(
              "model.trib, byte "
                  + (bytes.length - 4)
                  + ": the checksum of these 4 bytes doesn't match");
    }
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    byte[] bytes = golden();
    bytes[4] = 2;
    assertError(bytes, "is too new: expected a version from 1 to 1, found 2", ErrorCode.TOO_NEW);
    bytes[4] = 1;
    bytes[6] = 2;
    assertError(bytes, "expected flags 0 or 1, found 2", ErrorCode.STORAGE);
    bytes[6] = 0;
    bytes[11] = 1;
    assertError(bytes, "index: expected up to", ErrorCode.STORAGE);
    bytes[11] = 0;
    bytes[20] ^= 1;
    assertError(bytes, "the index's checksum doesn't match", ErrorCode.STORAGE);
    assertError(new byte[3], "expected at least 16 bytes, found 3", ErrorCode.STORAGE);
    bytes[0] = 0;
    assertError(bytes, "expected the magic TRIB", ErrorCode.STORAGE);
    assertThatThrownBy(() -> TribFile.open(folder.resolve("absent")))
        .hasMessageContaining("NoSuchFileException");
  }

  private void assertError(byte[] bytes, String message, ErrorCode code) throws IOException {
    Path file = write(bytes);
    assertThatThrownBy(() -> TribFile.open(file))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(code);
  }

  @Test
  void whatIsNotFinishedLeavesNothing() throws IOException {
    Path target = write(golden());
    try (TribWriter writer = TribWriter.create(target, false)) {
      writer.begin(new TribTensor("v", "F32", "plain", List.of(2L), 1, plain(), List.of()));
      assertThatThrownBy(() -> writer.finish(Map.of())).hasMessageContaining("0 of 1 blocks");
    }
    TribWriter stopped = TribWriter.create(target, false);
    stopped.begin(new TribTensor("v", "F32", "plain", List.of(2L), 1, plain(), List.of()));
    stopped.close();
    stopped.close();
    assertThatThrownBy(() -> stopped.block(new byte[8])).isInstanceOf(TributaryException.class);
    assertThat(Files.readAllBytes(target)).isEqualTo(golden());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(target);
    }
  }

  /** A device without room, where the system has one to try on. */
  @Test
  void aFullDiskIsAnError() {
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
    Path link = folder.resolve("model.trib.pieces.tmp");
    try {
      Files.createSymbolicLink(link, full);
    } catch (IOException | UnsupportedOperationException e) {
      org.junit.jupiter.api.Assumptions.abort("no symbolic links here");
    }
    Path target = folder.resolve("model.trib");
    try (TribWriter writer = TribWriter.create(target, false)) {
      writer.begin(new TribTensor("v", "F32", "plain", List.of(2L), 1, plain(), List.of()));
      assertThatThrownBy(() -> writer.block(new byte[8]))
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining("can't write " + target);
    }
    assertThat(Files.exists(target)).isFalse();
  }
}
