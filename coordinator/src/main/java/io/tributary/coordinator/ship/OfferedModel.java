package io.tributary.coordinator.ship;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.run.ModelOffer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import reactor.core.publisher.Flux;

/**
 * One content of an offered file: open as long as somebody reads it, also when the file of that
 * name has been replaced. All streams read the same channel, by position; memory holds the pieces
 * that are on their way and nothing else. Safe for any thread.
 */
final class OfferedModel extends AbstractReferenceCounted {
  private static final int DIGEST_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final BasicFileAttributes opened;
  private final ModelOffer offer;

  private OfferedModel(
      Path path, FileChannel channel, BasicFileAttributes opened, ModelOffer offer) {
    this.path = path;
    this.channel = channel;
    this.opened = opened;
    this.offer = offer;
  }

  /**
   * Opens a file and reads it once, for its digest.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read, or is empty or too long
   */
  static OfferedModel open(Path path) {
    try {
      // Before it is opened: a file that changes meanwhile is taken for changed at the next look.
      BasicFileAttributes opened = Files.readAttributes(path, BasicFileAttributes.class);
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        long bytes = channel.size();
        if (bytes < 1 || bytes > ModelOffer.MOST_BYTES) {
          throw new TributaryException(
              ErrorCode.STORAGE,
              path + ": expected 1 to " + ModelOffer.MOST_BYTES + " bytes, found " + bytes);
        }
        var offer = new ModelOffer(nameOf(path), bytes, digest(channel, bytes));
        return new OfferedModel(path, channel, opened, offer);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
  }

  /** The name under which a file is offered: its own, without its folders. */
  static String nameOf(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }

  private static String digest(FileChannel channel, long bytes) throws IOException {
    MessageDigest sha256 = sha256();
    ByteBuffer buffer = ByteBuffer.allocate(DIGEST_BYTES);
    for (long at = 0; at < bytes; ) {
      int read = channel.read(buffer.clear().limit((int) Math.min(DIGEST_BYTES, bytes - at)), at);
      if (read < 0) {
        throw new EOFException("the file became shorter");
      }
      sha256.update(buffer.flip());
      at += read;
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What readers are told of it. */
  ModelOffer offer() {
    return offer;
  }

  /** Whether the file of its name is still this one, and nobody has written to it. */
  boolean isCurrent() {
    try {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return isSameFile(now) && !isWritten(now);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isSameFile(BasicFileAttributes now) {
    return Objects.equals(now.fileKey(), opened.fileKey());
  }

  private boolean isWritten(BasicFileAttributes now) {
    return now.size() != offer.bytes() || !now.lastModifiedTime().equals(opened.lastModifiedTime());
  }

  /**
   * The pieces from one on, each read when it is asked for, on the thread that asks. Holds this
   * content until no read is under way any more, whoever cancels.
   *
   * <p>Fails with {@code CORRUPT_PAYLOAD} when somebody has written to the file, or made it
   * shorter: what is still to come wouldn't fit what was sent. A file that was replaced or removed
   * goes on.
   */
  Flux<EncodedChunk> pieces(int from) {
    return Flux.generate(
        () -> {
          retain();
          return from;
        },
        (piece, sink) -> {
          sink.next(read(piece));
          if (piece + 1 == offer.pieces()) {
            sink.complete(); // now: nobody asks for a piece behind the last
          }
          return piece + 1;
        },
        end -> release());
  }

  private EncodedChunk read(int piece) {
    checkUntouched();
    int length = offer.pieceLength(piece);
    long at = offer.pieceAt(piece);
    ByteBuf payload = ByteBufAllocator.DEFAULT.directBuffer(length);
    try {
      while (payload.isWritable()) {
        int done = payload.readableBytes();
        if (payload.writeBytes(channel, at + done, length - done) < 0) {
          throw touched(channel.size());
        }
      }
    } catch (IOException e) {
      payload.release();
      throw Errors.storage(path, "can't read", e);
    } catch (TributaryException e) {
      payload.release();
      throw e;
    }
    int codec = ModelOffer.BYTES.number();
    return new EncodedChunk(0, at, length, codec, ModelOffer.BYTES.newest(), payload);
  }

  /**
   * Only the file of its name can be asked; a content whose file was replaced can't be written to
   * by that name, and the reader's digest finds who does so by another.
   */
  private void checkUntouched() {
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      return; // removed, or out of sight: the open file is still there
    }
    if (now.fileKey() != null && isSameFile(now) && isWritten(now)) {
      throw touched(now.size());
    }
  }

  private TributaryException touched(long bytes) {
    return new TributaryException(
        ErrorCode.CORRUPT_PAYLOAD,
        path
            + " was written to while it was sent: expected "
            + offer.bytes()
            + " bytes as of "
            + opened.lastModifiedTime()
            + ", found "
            + bytes
            + "; to replace an offered file, move another one to its name");
  }

  @Override
  protected void deallocate() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Errors.storage(path, "can't close", e);
    }
  }

  @Override
  public ReferenceCounted touch(Object hint) {
    return this;
  }
}
