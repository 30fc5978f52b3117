package io.tributary.bench.recipes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.sun.nio.file.ExtendedOpenOption;
import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What the device does with bytes alone, one after the other, on one thread.
 *
 * @param writeGbS the speed at which a file was written and forced to the device
 * @param readGbS the speed at which it was read past the system's cache; null where the file system
 *     doesn't allow that
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record DiskSpeed(double writeGbS, @Nullable Double readGbS) {
  private static final int CHUNK = 4 << 20;

  /** What direct reads must be aligned to; no device in use asks for more. */
  private static final int ALIGNMENT = 4096;

  /** Writes and reads a file of so many bytes, up to whole chunks. */
  static DiskSpeed measure(Path file, long bytes) {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK + ALIGNMENT).alignedSlice(ALIGNMENT);
    chunk.limit(CHUNK);
    var random = new Random(1);
    while (chunk.hasRemaining()) {
      chunk.putLong(random.nextLong());
    }
    long chunks = Math.max(1, bytes / CHUNK);
    try {
      long began = System.nanoTime();
      try (FileChannel out =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        for (long i = 0; i < chunks; i++) {
          chunk.rewind();
          while (chunk.hasRemaining()) {
            out.write(chunk);
          }
        }
        out.force(true);
      }
      return new DiskSpeed(speed(chunks, began), read(file, chunks, chunk));
    } catch (IOException e) {
      throw Errors.storage(file, "can't measure the disk with", e);
    }
  }

  private static @Nullable Double read(Path file, long chunks, ByteBuffer chunk)
      throws IOException {
    FileChannel in;
    try {
      in = FileChannel.open(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
    } catch (UnsupportedOperationException | IOException e) {
      return null;
    }
    try (in) {
      long began = System.nanoTime();
      while (in.read(chunk.clear().limit(CHUNK)) > 0) {
        // The bytes are of no use.
      }
      return speed(chunks, began);
    }
  }

  private static double speed(long chunks, long began) {
    return (double) chunks * CHUNK / (System.nanoTime() - began);
  }

  /** GB of float32 a second if all that took time were to read some bytes and to write others. */
  double of(long float32Bytes, long read, long written) {
    double seconds = written / writeGbS + (readGbS == null ? 0 : read / readGbS);
    return float32Bytes / seconds;
  }
}
