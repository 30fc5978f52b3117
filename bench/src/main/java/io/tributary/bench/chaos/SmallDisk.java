package io.tributary.bench.chaos;

import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file system of a few MiB in memory, which can be filled to its last byte and emptied again. */
public final class SmallDisk implements AutoCloseable {
  private static final int BLOCK_BYTES = 64 * 1024;

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /**
   * Mounts one.
   *
   * @param folder where, made if it isn't there
   * @param megabytes MiB that it holds
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if this process may not
   *     mount anything
   */
  public static SmallDisk mount(Path folder, int megabytes) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw Errors.storage(folder, "can't make the folder", e);
    }
    String answer =
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
    if (!answer.isEmpty()) {
      throw Errors.invalidSetting(
          "a small disk at " + folder, answer, "a process that may mount a tmpfs");
    }
    return new SmallDisk(folder);
  }

  /** Its root. */
  public Path folder() {
    return folder;
  }

  /** Leaves not a byte. */
  public void fill() {
    try (FileChannel channel =
        FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
      while (channel.write(block.clear()) > 0) {
        // Until the device refuses.
      }
    } catch (IOException full) {
      // That is what was wanted.
    }
  }

  /** Takes back what {@link #fill} took. */
  public void empty() {
    try {
      Files.deleteIfExists(filler());
    } catch (IOException e) {
      throw Errors.storage(filler(), "can't delete", e);
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() {
    run("umount", "--lazy", folder.toString());
  }

  /** What a command has to complain about, in one line; empty if all went well. */
  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? "" : output.replace('\n', ' ');
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
