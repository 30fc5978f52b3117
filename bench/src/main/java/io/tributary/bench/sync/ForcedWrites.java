package io.tributary.bench.sync;

import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How fast a folder's device takes bytes that are forced to it every few MiB. */
final class ForcedWrites {
  private static final int BLOCK_BYTES = 4 << 20;
  private static final int BLOCKS = 64;
  private static final int BLOCKS_A_FORCE = 8;

  private ForcedWrites() {}

  /** Bytes a second in a folder, which exists. */
  static double bytesPerSecond(Path folder) {
    Path file = folder.resolve("forced-writes");
    try {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        long began = System.nanoTime();
        for (int i = 1; i <= BLOCKS; i++) {
          for (block.clear(); block.hasRemaining(); ) {
            channel.write(block);
          }
          if (i % BLOCKS_A_FORCE == 0) {
            channel.force(false);
          }
        }
        return (double) BLOCK_BYTES * BLOCKS / ((System.nanoTime() - began) / 1e9);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw Errors.storage(file, "can't measure the device with", e);
    }
  }
}
