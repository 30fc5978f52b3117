package io.tributary.file;

import io.tributary.error.Errors;
import io.tributary.store.DurableFile;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file whole or not at all: beside its place first, with {@code .tmp} behind its name, and
 * moved there when all of it is on the device.
 *
 * <p>Belongs to one thread. If that is interrupted, the write fails.
 */
public final class WholeFileWriter {
  private static final int CHUNK_VALUES = 1 << 20;

  private final FileChannel channel;

  private WholeFileWriter(FileChannel channel) {
    this.channel = channel;
  }

  /** Writes what the file is to hold. */
  @FunctionalInterface
  public interface Body {
    /** Writes all of it. */
    void write(WholeFileWriter out) throws IOException;
  }

  /**
   * Writes a file, replacing one that is there.
   *
   * @return its bytes
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it can't be written; what was
   *     at its place before is then untouched
   */
  public static long write(Path target, Body body) {
    Path beside = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      long bytes = writeBeside(beside, body);
      Files.move(
          beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      DurableFile.forceFolder(target.toAbsolutePath().getParent());
      return bytes;
    } catch (IOException e) {
      throw Errors.storage(target, "can't write", e);
    } finally {
      discard(beside);
    }
  }

  private static long writeBeside(Path beside, Body body) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      body.write(new WholeFileWriter(channel));
      channel.force(true);
      return channel.size();
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The failure to write is what the caller hears of; the next write truncates the file.
    }
  }

  /** Writes bytes. */
  public void write(byte[] bytes) throws IOException {
    write(ByteBuffer.wrap(bytes));
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Writes rows as float32, the lowest byte first; memory holds a few of them. */
  public void write(RowMatrix rows) throws IOException {
    int most = Math.max(1, CHUNK_VALUES / rows.width());
    var values = new float[Math.multiplyExact(most, rows.width())];
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long first = 0; first < rows.rows(); first += most) {
      int count = (int) Math.min(most, rows.rows() - first);
      rows.read(first, count, values, 0);
      bytes.clear();
      bytes.asFloatBuffer().put(values, 0, count * rows.width());
      write(bytes.limit(count * rows.width() * Float.BYTES));
    }
  }

  /** Writes zeros until the file's length is a multiple. */
  public void pad(int alignment) throws IOException {
    int over = (int) (channel.position() % alignment);
    if (over != 0) {
      write(ByteBuffer.allocate(alignment - over));
    }
  }
}
