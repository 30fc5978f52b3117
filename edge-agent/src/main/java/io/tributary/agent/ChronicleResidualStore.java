package io.tributary.agent;

import io.tributary.error.Errors;
import io.tributary.store.DurableFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What codec sessions remember, as bytes by (slice, generation), in a Chronicle Map: large, off the
 * heap, and replaced slice by slice. A generation is written beside the one before it; which of
 * them counts, and the checksum of its bytes, is said by the agent's durable state, which is
 * written behind {@link #force}. So a map that a kill left in disorder can be recovered or given
 * up, but never believed by mistake.
 *
 * <p>Used by one thread.
 */
final class ChronicleResidualStore implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ChronicleResidualStore.class);
  private static final String NAME = "residuals.chm";

  /** Measured: values of this size are written and read at the speed of memory. */
  private static final int MAX_PIECE_BYTES = 1024 * 1024;

  private static final int PIECE_BITS = 16;
  private static final int GENERATION_BITS = 31;
  private static final int GENERATIONS_AT_ONCE = 2;

  private final Path file;
  private final int pieceBytes;
  private final ChronicleMap<Long, byte[]> map;

  private ChronicleResidualStore(Path file, int pieceBytes, ChronicleMap<Long, byte[]> map) {
    this.file = file;
    this.pieceBytes = pieceBytes;
    this.map = map;
  }

  /**
   * Opens the store in a folder, creating it if absent. After an unclean end it is recovered; if
   * that fails the file is set aside and an empty store takes its place.
   *
   * @param lengths the largest number of bytes of each tensor whose session remembers anything; the
   *     same each time
   */
  static ChronicleResidualStore open(Path folder, List<Integer> lengths) {
    Path file = folder.resolve(NAME);
    int longest = lengths.stream().mapToInt(Integer::intValue).max().orElse(1);
    int pieceBytes = Math.max(1, Math.min(MAX_PIECE_BYTES, longest));
    long pieces = lengths.stream().mapToLong(l -> (l + pieceBytes - 1L) / pieceBytes).sum();
    ChronicleMapBuilder<Long, byte[]> builder =
        ChronicleMap.of(Long.class, byte[].class)
            .name("tributary-residuals")
            // Its own hook would close the map at a signal, while the worker still writes to it.
            .skipCloseOnExitHook(true)
            .entries(GENERATIONS_AT_ONCE * pieces + 1)
            .averageValueSize(pieceBytes)
            .maxBloatFactor(10);
    return new ChronicleResidualStore(file, pieceBytes, map(file, builder));
  }

  private static ChronicleMap<Long, byte[]> map(Path file, ChronicleMapBuilder<Long, byte[]> how) {
    Path marker = markerOf(file);
    try {
      boolean clean = Files.deleteIfExists(marker);
      DurableFile.forceFolder(file.toAbsolutePath().getParent());
      if (!Files.exists(file)) {
        return how.createPersistedTo(file.toFile());
      }
      try {
        if (clean) {
          return how.createPersistedTo(file.toFile());
        }
        LOG.info("recovering {}: the last process didn't end well", file);
        return how.recoverPersistedTo(
            file.toFile(), true, corruption -> LOG.debug("{}: {}", file, corruption.message()));
      } catch (IOException | RuntimeException | Error e) {
        Path aside = file.resolveSibling(NAME + ".damaged");
        LOG.warn("{} is damaged ({}); it is set aside as {}", file, e.getMessage(), aside);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        return how.createPersistedTo(file.toFile());
      }
    } catch (IOException | RuntimeException e) {
      throw Errors.storage(file, "can't open", e);
    }
  }

  private static Path markerOf(Path file) {
    return file.resolveSibling(NAME + ".clean");
  }

  /** Deletes a store whose state is gone: its generations would mean something else. */
  static void delete(Path folder) {
    Path file = folder.resolve(NAME);
    try {
      Files.deleteIfExists(markerOf(file));
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Errors.storage(file, "can't delete", e);
    }
  }

  /**
   * Writes what a tensor's session remembers; whole when the stream is closed, durable after {@link
   * #force}.
   */
  OutputStream write(int tensor, int generation) {
    return new OutputStream() {
      private final byte[] bytes = new byte[pieceBytes];
      private int length;
      private int piece;
      private boolean closed;

      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] from, int at, int count) throws IOException {
        for (int done = 0; done < count; ) {
          int now = Math.min(count - done, pieceBytes - length);
          System.arraycopy(from, at + done, bytes, length, now);
          length += now;
          done += now;
          if (length == pieceBytes) {
            flushPiece();
          }
        }
      }

      /** Ends with a piece that is shorter than all others, perhaps empty. */
      @Override
      public void close() throws IOException {
        if (!closed) {
          closed = true;
          flushPiece();
        }
      }

      private void flushPiece() throws IOException {
        put(key(tensor, generation, piece), Arrays.copyOf(bytes, length));
        piece++;
        length = 0;
      }
    };
  }

  private void put(long key, byte[] value) throws IOException {
    try {
      map.put(key, value);
    } catch (RuntimeException | InternalError e) {
      // InternalError is how a full disk shows in mapped memory.
      throw new IOException("the map refuses an entry: " + e.getMessage(), e);
    }
  }

  /** Reads what {@link #write} wrote; ends with an {@link IOException} if part of it is missing. */
  InputStream read(int tensor, int generation) {
    return new InputStream() {
      private byte[] bytes = new byte[0];
      private int at;
      private int piece;
      private boolean last;

      @Override
      public int read() throws IOException {
        return more() ? bytes[at++] & 0xFF : -1;
      }

      @Override
      public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
          return 0;
        }
        if (!more()) {
          return -1;
        }
        int now = Math.min(count, bytes.length - at);
        System.arraycopy(bytes, at, into, from, now);
        at += now;
        return now;
      }

      private boolean more() throws IOException {
        while (at == bytes.length && !last) {
          byte[] next = get(key(tensor, generation, piece));
          if (next == null) {
            throw new EOFException(
                "tensor "
                    + tensor
                    + ", generation "
                    + generation
                    + ": piece "
                    + piece
                    + " is gone");
          }
          bytes = next;
          last = next.length < pieceBytes;
          at = 0;
          piece++;
        }
        return at < bytes.length;
      }
    };
  }

  private byte @Nullable [] get(long key) throws IOException {
    try {
      return map.get(key);
    } catch (RuntimeException | InternalError e) {
      throw new IOException("an entry can't be read: " + e.getMessage(), e);
    }
  }

  /** Removes all but the generations that count: of each tensor named, the one given. */
  void keepOnly(Map<Integer, Integer> generations) {
    try {
      map.keySet()
          .removeIf(
              key -> {
                Integer kept = generations.get((int) (key >>> (PIECE_BITS + GENERATION_BITS)));
                int generation = (int) (key >>> PIECE_BITS) & Integer.MAX_VALUE;
                return kept == null || kept != generation;
              });
    } catch (RuntimeException | InternalError e) {
      throw Errors.storage(file, "can't remove old entries from", e);
    }
  }

  /** Returns when everything written so far is on the device: mapped pages belong to the file. */
  void force() {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw Errors.storage(file, "can't force", e);
    }
  }

  /** Closes the map and notes that it was closed well. */
  @Override
  public void close() {
    if (!map.isOpen()) {
      return;
    }
    map.close();
    force();
    try {
      Files.createFile(markerOf(file));
      DurableFile.forceFolder(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw Errors.storage(file, "can't note the good end of", e);
    }
  }

  private static long key(int tensor, int generation, int piece) {
    return ((long) tensor << (PIECE_BITS + GENERATION_BITS))
        | ((long) generation << PIECE_BITS)
        | piece;
  }
}
