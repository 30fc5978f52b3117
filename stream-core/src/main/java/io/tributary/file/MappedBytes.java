package io.tributary.file;

import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A file's bytes, mapped into memory in pieces of up to 1 GiB, so that nothing is loaded before it
 * is read; who truncates a file that is open here gets an error of the virtual machine.
 *
 * <p>Safe for any thread, except that nothing may be read after {@link #close}.
 */
public final class MappedBytes implements AutoCloseable {
  private static final int PIECE_BITS = 30;
  private static final long PIECE = 1L << PIECE_BITS;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final MappedByteBuffer[] pieces;

  private MappedBytes(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    size = channel.size();
    pieces = new MappedByteBuffer[(int) ((size + PIECE - 1) >>> PIECE_BITS)];
    for (int i = 0; i < pieces.length; i++) {
      long at = i * PIECE;
      pieces[i] = channel.map(MapMode.READ_ONLY, at, Math.min(PIECE, size - at));
      pieces[i].order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /**
   * Maps a file.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read
   */
  public static MappedBytes open(Path path) {
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new MappedBytes(path, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The file's length. */
  public long size() {
    return size;
  }

  /**
   * Copies bytes.
   *
   * @param at the first one
   * @throws IndexOutOfBoundsException if there are not so many bytes, or not so much room
   */
  public void read(long at, byte[] target, int offset, int count) {
    Objects.checkFromIndexSize(at, count, size);
    Objects.checkFromIndexSize(offset, count, target.length);
    for (int done = 0; done < count; ) {
      MappedByteBuffer piece = pieces[(int) ((at + done) >>> PIECE_BITS)];
      int from = (int) ((at + done) & (PIECE - 1));
      int part = Math.min(count - done, piece.capacity() - from);
      piece.get(from, target, offset + done, part);
      done += part;
    }
  }

  /** Closes the file; the mapped pieces go when nothing refers to them any more. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Errors.storage(path, "can't close", e);
    }
  }
}
