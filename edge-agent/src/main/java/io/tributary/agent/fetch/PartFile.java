package io.tributary.agent.fetch;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.run.ModelOffer;
import io.tributary.store.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The beginning of an offered file, which is all that a fetch remembers: what it holds is what has
 * come. Its name ends in the first digits of the offer's digest, so the beginning of another file
 * is never gone on with. One process has it at a time. For one thread.
 */
final class PartFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartFile.class);
  private static final int NAMED_DIGITS = 16;
  private static final int BUFFER_BYTES = 1 << 20;

  private final ModelOffer offer;
  private final Path target;
  private final Path path;
  private final FileChannel channel;
  private final MessageDigest sha256 = newDigest();
  private final long found;
  private long length;

  private PartFile(ModelOffer offer, Path target, Path path, FileChannel channel)
      throws IOException {
    this.offer = offer;
    this.target = target;
    this.path = path;
    this.channel = channel;
    lock();
    long whole = Math.min(channel.size(), offer.bytes());
    found = whole == offer.bytes() ? whole : whole - whole % ModelOffer.PIECE_BYTES;
    channel.truncate(found);
    update(sha256, channel, found);
    length = found;
    channel.position(length);
    checkRoom(null);
  }

  /**
   * Opens the beginning of an offered file beside its place, and reads it for its digest.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read or written, another process has
   *     it, or the device lacks the room for the rest
   */
  static PartFile open(ModelOffer offer, Path target) {
    Path path =
        target.resolveSibling(
            target.getFileName() + "." + offer.sha256().substring(0, NAMED_DIGITS) + ".part");
    try {
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        return new PartFile(offer, target, path, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw Errors.storage(path, "can't open", e);
    }
  }

  /** Whether a file is whole and has the offer's digest; false if there is none. */
  static boolean isThere(ModelOffer offer, Path target) {
    try {
      if (!Files.isRegularFile(target) || Files.size(target) != offer.bytes()) {
        return false;
      }
      try (FileChannel channel = FileChannel.open(target, StandardOpenOption.READ)) {
        MessageDigest digest = newDigest();
        update(digest, channel, offer.bytes());
        return hex(digest).equals(offer.sha256());
      }
    } catch (IOException e) {
      throw Errors.storage(target, "can't read", e);
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, FileChannel channel, long bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (long at = 0; at < bytes; ) {
      int read = channel.read(buffer.clear().limit((int) Math.min(BUFFER_BYTES, bytes - at)), at);
      if (read < 0) {
        throw new IOException("the file became shorter");
      }
      digest.update(buffer.flip());
      at += read;
    }
  }

  private void lock() throws IOException {
    boolean mine;
    try {
      mine = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      mine = false;
    }
    if (!mine) {
      throw new TributaryException(
          ErrorCode.STORAGE, path + " is in use by another fetch of the same model");
    }
  }

  /** Throws if the device lacks the room for the rest, and says how much. */
  private void checkRoom(@Nullable IOException cause) throws IOException {
    long missing = offer.bytes() - length;
    long room = Files.getFileStore(path).getUsableSpace();
    if (room < missing) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          path
              + ": expected room for "
              + missing
              + " bytes more, found "
              + room
              + "; what has come stays, and the same fetch goes on from it",
          cause);
    }
  }

  /** What it is the beginning of. */
  ModelOffer offer() {
    return offer;
  }

  /** Where it is. */
  Path path() {
    return path;
  }

  /** The bytes that were here when it was opened. */
  long found() {
    return found;
  }

  /** The bytes that are here. */
  long length() {
    return length;
  }

  /** The whole pieces that are here. */
  int pieces() {
    return length == offer.bytes() ? offer.pieces() : (int) (length / ModelOffer.PIECE_BYTES);
  }

  /**
   * Adds the next piece.
   *
   * @throws TributaryException {@code STORAGE} if it can't be written, {@code CORRUPT_PAYLOAD} if
   *     it isn't the next piece
   */
  void append(long at, ByteBuf piece) {
    int bytes = piece.readableBytes();
    if (at != length || length == offer.bytes() || bytes != offer.pieceLength(pieces())) {
      throw new TributaryException(
          ErrorCode.CORRUPT_PAYLOAD,
          "piece of "
              + offer.model()
              + ": expected the next one at "
              + length
              + ", found "
              + bytes
              + " bytes at "
              + at);
    }
    ByteBuffer buffer = piece.nioBuffer();
    sha256.update(buffer.duplicate());
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw unwritten(e);
    }
    length += bytes;
  }

  /** A full device says what it lacks; any other failure speaks for itself. */
  private TributaryException unwritten(IOException cause) {
    try {
      checkRoom(cause);
    } catch (TributaryException full) {
      return full;
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return Errors.storage(path, "can't write", cause);
  }

  /**
   * Moves the whole file into its place if it has the offer's digest, and removes the beginnings of
   * other files for that place that no fetch is at; otherwise removes it.
   *
   * @return whether it has
   */
  boolean finish() {
    try {
      if (!hex(sha256).equals(offer.sha256())) {
        Files.delete(path);
        return false;
      }
      channel.force(true);
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      removeOthers();
      DurableFile.forceFolder(target.toAbsolutePath().getParent());
      return true;
    } catch (IOException e) {
      throw Errors.storage(target, "can't write", e);
    }
  }

  private void removeOthers() throws IOException {
    String name = Pattern.quote(target.getFileName().toString());
    Pattern form = Pattern.compile(name + "\\.[0-9a-f]{" + NAMED_DIGITS + "}\\.part");
    try (DirectoryStream<Path> others =
        Files.newDirectoryStream(
            target.toAbsolutePath().getParent(),
            file -> form.matcher(file.getFileName().toString()).matches())) {
      for (Path other : others) {
        removeIfFree(other);
      }
    }
  }

  private static void removeIfFree(Path beginning) throws IOException {
    try (FileChannel channel = FileChannel.open(beginning, StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        Files.delete(beginning);
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("{} is in use by another fetch of this process", beginning);
    }
  }

  /** Leaves what has come, for the next fetch. */
  @Override
  public void close() {
    try {
      channel.close();
      if (length == 0) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw Errors.storage(path, "can't close", e);
    }
  }
}
