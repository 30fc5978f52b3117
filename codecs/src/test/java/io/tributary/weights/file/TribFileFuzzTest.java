package io.tributary.weights.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.TributaryException;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.GridMatrix;
import io.tributary.weights.pack.ScaleType;
import io.tributary.weights.transform.ColumnOrder;
import io.tributary.weights.transform.ColumnScales;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile files end in the declared error, or in tensors whose rows can be read. */
class TribFileFuzzTest {
  private static final long SEED = Long.getLong("test.seed", 31);
  private static final int HEADER = 16;

  @TempDir Path folder;

  private byte[] example() throws IOException {
    Path file = folder.resolve("good.trib");
    var layout = new GridLayout(3, 4, ScaleType.F16, ZeroForm.CODE);
    GridMatrix matrix = GridMatrix.empty(layout, 3, 8);
    var transforms =
        List.of(
            ColumnScales.near(new double[] {1, 2, 3, 4, 5, 6, 7, 8}),
            ColumnOrder.of(new int[] {1, 0, 2, 3, 7, 6, 5, 4}));
    try (TribWriter writer = TribWriter.create(file, true)) {
      List<Long> shape = List.of(3L, 8L);
      writer.begin(new TribTensor("a", "F32", "x", shape, 2, layout, transforms));
      writer.block(layout.pack(matrix, 0, 2));
      writer.block(layout.pack(matrix, 2, 1));
      writer.finish(Map.of("key", "value"));
    }
    return Files.readAllBytes(file);
  }

  /** Damages the index and makes its checksum right again, so that the parser sees the damage. */
  @Test
  void damagedFiles() throws IOException {
    System.out.println("seed " + SEED);
    byte[] good = example();
    ByteBuffer header = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
    int index = header.getInt(8);
    var random = new Random(SEED);
    Path file = folder.resolve("bad.trib");
    int opened = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = good.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        int at = HEADER + random.nextInt(index);
        bytes[at] =
            random.nextBoolean()
                ? (byte) random.nextInt(4)
                : (byte) (bytes[at] ^ 1 << random.nextInt(8));
      }
      int crc = TribIndex.checksum(bytes, HEADER, index);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(12, crc);
      int length = random.nextInt(5) == 0 ? random.nextInt(bytes.length) : bytes.length;
      Files.write(file, Arrays.copyOf(bytes, length));
      opened += read(file, random.nextBoolean()) ? 1 : 0;
    }
    System.out.println("files that could be read: " + opened);
  }

  private static boolean read(Path path, boolean part) {
    try (TribFile file = part ? TribFile.openPart(path) : TribFile.open(path)) {
      for (WeightTensor tensor : file.tensors()) {
        assertThat(tensor.bytes()).isLessThan(1000);
        RowMatrix rows = file.rows(tensor.name());
        var row = new float[rows.width()];
        for (long i = 0; i < rows.rows(); i++) {
          rows.read(i, 1, row, 0);
        }
      }
      return true;
    } catch (TributaryException expected) {
      return false;
    }
  }
}
