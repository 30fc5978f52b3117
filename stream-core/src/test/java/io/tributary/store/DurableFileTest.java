package io.tributary.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.error.UnsupportedFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  private static final DurableFile FORMAT = new DurableFile("TEST", 3);

  @TempDir private Path folder;

  private Path written() {
    Path file = folder.resolve("file");
    FORMAT.write(
        file,
        out -> {
          out.writeUTF("text");
          FloatArrays.write(out, new float[] {1, -2.5f, Float.NaN});
        });
    return file;
  }

  private static float[] readFloats(Path file) {
    return FORMAT.read(
        file,
        in -> {
          assertThat(in.readUTF()).isEqualTo("text");
          var values = new float[3];
          FloatArrays.read(in, values);
          return values;
        });
  }

  @Test
  void whatIsWrittenIsRead() {
    assertThat(readFloats(written())).containsExactly(1, -2.5f, Float.NaN);
    assertThat(folder.resolve("file.tmp")).doesNotExist();
  }

  @Test
  void aLongerSpareLeavesNothingBehind() throws IOException {
    Path spare = folder.resolve("spare");
    Path fresh = folder.resolve("fresh");
    DurableFile.BodyWriter body = out -> out.writeUTF("short");
    for (int length : new int[] {0, 3, 1000}) {
      Files.write(spare, new byte[length]);
      FORMAT.writeOver(spare, folder.resolve("over"), body, true);
      FORMAT.write(fresh, body);
      assertThat(folder.resolve("over")).hasSameBinaryContentAs(fresh);
      assertThat(spare).doesNotExist();
    }
  }

  @Test
  void arraysLongerThanASlabKeepTheirBits() {
    var values = new float[16 * 1024 * 2 + 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(i * 0x01000193);
    }
    Path file = folder.resolve("long");
    FORMAT.write(file, out -> FloatArrays.write(out, values));
    var read = new float[values.length];
    FORMAT.read(
        file,
        in -> {
          FloatArrays.read(in, read);
          return read;
        });
    for (int i = 0; i < values.length; i++) {
      assertThat(Float.floatToRawIntBits(read[i])).isEqualTo(Float.floatToRawIntBits(values[i]));
    }
  }

  @Test
  void everyTruncationIsDetected() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    Path cut = folder.resolve("cut");
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> readFloats(cut))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(MalformedInputException.class)
          .hasMessageContaining(cut.toString());
    }
  }

  @Test
  void everyFlippedBitIsDetected() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    Path flipped = folder.resolve("flipped");
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] bytes = whole.clone();
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(flipped, bytes);
      assertThatThrownBy(() -> readFloats(flipped))
          .as("bit %d", bit)
          .isInstanceOf(MalformedInputException.class);
    }
  }

  @Test
  void bytesBehindTheEndAreDetected() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    Path longer = folder.resolve("longer");
    Files.write(longer, Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> readFloats(longer)).isInstanceOf(MalformedInputException.class);
  }

  @Test
  void aBodyThatIsReadTooFarOrNotToItsEndIsDetected() {
    Path file = folder.resolve("short");
    FORMAT.write(file, out -> out.writeInt(7));
    assertThatThrownBy(() -> FORMAT.read(file, in -> in.readUnsignedShort()))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("longer");
    assertThatThrownBy(() -> FORMAT.read(file, in -> in.readInt() + in.readUnsignedShort()))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("shorter");
    assertThatThrownBy(() -> FORMAT.read(file, in -> in.readLong() + in.readLong()))
        .isInstanceOf(MalformedInputException.class);
    assertThat(FORMAT.<Integer>readBeginning(file, in -> in.readUnsignedShort())).isZero();
  }

  @Test
  void otherVersionsAndOtherFilesAreDifferentErrors() {
    Path file = folder.resolve("other");
    new DurableFile("TEST", 2).write(file, out -> {});
    assertThatThrownBy(() -> FORMAT.read(file, in -> 0))
        .isInstanceOfSatisfying(
            UnsupportedFormatException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_OLD));
    new DurableFile("TEST", 4).write(file, out -> {});
    assertThatThrownBy(() -> FORMAT.read(file, in -> 0))
        .isInstanceOfSatisfying(
            UnsupportedFormatException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_NEW));
    new DurableFile("ELSE", 3).write(file, out -> {});
    assertThatThrownBy(() -> FORMAT.read(file, in -> 0))
        .isInstanceOf(MalformedInputException.class)
        .hasMessageContaining("byte 0: expected the magic TEST");
    assertThatThrownBy(() -> FORMAT.read(folder.resolve("absent"), in -> 0))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE));
  }

  @Test
  void aFailedWriteLeavesTheOldContentAndNothingElse() {
    Path file = written();
    assertThatThrownBy(
            () ->
                FORMAT.write(
                    file,
                    out -> {
                      out.writeInt(1);
                      throw new IOException("no space left");
                    }))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("no space left");
    assertThatThrownBy(
            () ->
                FORMAT.write(
                    file,
                    out -> {
                      throw new IllegalStateException("defect");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(readFloats(file)).hasSize(3);
    assertThat(folder.resolve("file.tmp")).doesNotExist();
  }

  @Test
  void aTargetThatCantBeReplacedIsAStorageError() throws IOException {
    Path target = folder.resolve("target");
    Files.createDirectories(target.resolve("inside"));
    assertThatThrownBy(() -> FORMAT.write(target, out -> out.writeInt(1)))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE));
    assertThat(folder.resolve("target.tmp")).doesNotExist();
  }
}
