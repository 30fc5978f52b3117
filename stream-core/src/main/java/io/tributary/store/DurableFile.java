package io.tributary.store;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import io.tributary.error.UnsupportedFormatException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A kind of file that is written whole or not at all. Layout: magic (4 bytes), format version
 * (u32), body, CRC32C over all before it (u32); numbers are big endian, as {@link DataOutput}
 * writes them.
 *
 * <p>{@link #write} fills a file beside the target, forces it to the device and moves it into
 * place, so a reader sees the old content or the new, never a mixture. Immutable, safe for any
 * thread; two writers of one path exclude each other by their own means.
 *
 * @param magic four ASCII characters
 * @param version the format version written and read, at least 1
 */
public record DurableFile(String magic, int version) {
  private static final int BUFFER_BYTES = 128 * 1024;
  private static final int HEADER_BYTES = 8;
  private static final int TRAILER_BYTES = 4;

  /** Writes a body. */
  @FunctionalInterface
  public interface BodyWriter {
    /** Writes everything between header and checksum. */
    void write(DataOutput out) throws IOException;
  }

  /**
   * Reads a body.
   *
   * @param <T> what it becomes
   */
  @FunctionalInterface
  public interface BodyReader<T> {
    /**
     * Reads everything between header and checksum. Lengths in the body are to be checked before
     * they are allocated.
     */
    T read(DataInput in) throws IOException;
  }

  /** Checks the magic. */
  public DurableFile {
    if (magic.length() != 4) {
      throw new IllegalArgumentException("magic " + magic);
    }
  }

  /**
   * Replaces the file at {@code target}.
   *
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it can't be written; the old
   *     content is then untouched
   */
  public void write(Path target, BodyWriter body) {
    write(target, body, true);
  }

  /**
   * The same, perhaps without forcing anything to the device: the file then survives the end of
   * this process, but not of the machine.
   */
  public void write(Path target, BodyWriter body, boolean forced) {
    writeOver(target.resolveSibling(target.getFileName() + ".tmp"), target, body, forced);
  }

  /**
   * The same, written over a file that nobody needs any more: its blocks and pages are used again,
   * which costs less than to make new ones.
   *
   * @param spare in the target's folder; made if it isn't there, and gone afterwards. Where {@code
   *     forced}, any other name that it had must be gone durably
   */
  public void writeOver(Path spare, Path target, BodyWriter body, boolean forced) {
    try {
      writeWhole(spare, body, forced);
      Files.move(
          spare, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (forced) {
        forceFolder(target.toAbsolutePath().getParent());
      }
    } catch (IOException e) {
      discard(spare);
      throw Errors.storage(target, "can't write", e);
    } catch (RuntimeException e) {
      discard(spare);
      throw e;
    }
  }

  private void writeWhole(Path file, BodyWriter body, boolean forced) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      OutputStream buffered =
          new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
      var checked = new CheckedOutputStream(buffered, new CRC32C());
      var out = new DataOutputStream(checked);
      out.write(magic.getBytes(StandardCharsets.US_ASCII));
      out.writeInt(version);
      body.write(out);
      out.writeInt((int) checked.getChecksum().getValue());
      out.flush();
      channel.truncate(channel.position());
      if (forced) {
        channel.force(true);
      }
    }
  }

  /** A half-written file would only take room on a device that may be full. */
  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The failure to write is what the caller hears of; the next write truncates the file.
    }
  }

  /**
   * Reads the file at {@code source}, checking its checksum before the body is given to {@code
   * body}, which must read all of it.
   *
   * @throws MalformedInputException {@code STORAGE} if it is truncated, flipped or something else
   * @throws UnsupportedFormatException if it is of another format version
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it can't be read
   */
  public <T> T read(Path source, BodyReader<T> body) {
    return read(source, body, true);
  }

  /** As {@link #read}, for a {@code body} that reads only how the body begins. */
  public <T> T readBeginning(Path source, BodyReader<T> body) {
    return read(source, body, false);
  }

  private <T> T read(Path source, BodyReader<T> body, boolean toEnd) {
    try {
      long length = Files.size(source);
      verify(source, length);
      try (DataInputStream in = open(source)) {
        in.skipNBytes(HEADER_BYTES);
        T value = body.read(in);
        int left = in.readNBytes(TRAILER_BYTES + 1).length;
        if (left < TRAILER_BYTES || (toEnd && left > TRAILER_BYTES)) {
          throw malformed(
              source,
              length - TRAILER_BYTES,
              "expected the body to end here, found it "
                  + (left < TRAILER_BYTES ? "shorter" : "longer")
                  + " than its content says");
        }
        return value;
      } catch (EOFException e) {
        throw malformed(source, length, "the body ends too early");
      }
    } catch (NoSuchFileException e) {
      throw Errors.storage(source, "no file", e);
    } catch (IOException e) {
      throw Errors.storage(source, "can't read", e);
    }
  }

  private void verify(Path source, long length) throws IOException {
    if (length < HEADER_BYTES + TRAILER_BYTES) {
      throw malformed(
          source, length, "expected at least " + (HEADER_BYTES + TRAILER_BYTES) + " bytes");
    }
    try (InputStream raw = Files.newInputStream(source)) {
      var checked =
          new CheckedInputStream(new BufferedInputStream(raw, BUFFER_BYTES), new CRC32C());
      var in = new DataInputStream(checked);
      var found = new byte[4];
      in.readFully(found);
      String foundMagic = new String(found, java.nio.charset.StandardCharsets.ISO_8859_1);
      if (!foundMagic.equals(magic)) {
        throw malformed(source, 0, "expected the magic " + magic);
      }
      int foundVersion = in.readInt();
      in.skipNBytes(length - HEADER_BYTES - TRAILER_BYTES);
      int expected = (int) checked.getChecksum().getValue();
      if (in.readInt() != expected) {
        throw malformed(source, length - TRAILER_BYTES, "the checksum doesn't match the content");
      }
      if (foundVersion != version) {
        throw UnsupportedFormatException.version(
            "file " + source, foundVersion, foundVersion, version, version);
      }
    }
  }

  private static DataInputStream open(Path source) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(source), BUFFER_BYTES));
  }

  private static MalformedInputException malformed(Path source, long offset, String expectation) {
    return new MalformedInputException(ErrorCode.STORAGE, "file " + source, offset, expectation);
  }

  /** Makes the names in a folder durable, where the platform allows to open a folder. */
  public static void forceFolder(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows can't open folders; there the move itself is journalled by the file system.
    }
  }
}
