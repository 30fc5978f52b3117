package io.tributary.store;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A folder that one process at a time keeps its state in, guarded by a lock that ends with the
 * process.
 */
public final class DataFolder implements Closeable {
  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens a folder, creating it if absent.
   *
   * @throws TributaryException {@code STORAGE} if another process has it, or it can't be written
   */
  public static DataFolder open(Path path) {
    Path file = path.resolve("lock");
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock;
      try {
        lock = tryLock(channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
      if (lock == null) {
        channel.close();
        throw new TributaryException(
            ErrorCode.STORAGE,
            "data folder "
                + path
                + ": expected to be its only user, found it locked by another process; give this one "
                + "another folder or stop the other");
      }
      return new DataFolder(path, channel, lock);
    } catch (IOException e) {
      throw Errors.storage(path, "can't use the data folder", e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another user in this very process
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Lets others use the folder; does nothing the second time. */
  @Override
  public void close() {
    try (channel) {
      if (lock.isValid()) {
        lock.release();
      }
    } catch (IOException e) {
      throw Errors.storage(path, "can't unlock the data folder", e);
    }
  }
}
