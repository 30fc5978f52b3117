package io.tributary.bench.ship;

import io.tributary.bench.cluster.CoordinatorProcess;
import io.tributary.bench.cluster.ProcessMemory;
import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * A coordinator's process that offers one file, and light readers in this one that fetch it all at
 * once. The files are deleted at the end. For one thread.
 */
final class ReadersBench implements AutoCloseable {
  private static final int LOOK_MILLIS = 50;
  private static final int BLOCK_BYTES = 1 << 20;

  private final Path folder;
  private final long crc;
  private final CoordinatorProcess coordinator;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "memory-watch"));
  private final AtomicLong peakAnonymous = new AtomicLong();
  private final List<LightReader> readers = new ArrayList<>();

  /**
   * Makes the file and starts the coordinator.
   *
   * @param folder for the file, the coordinator's data and its log; made anew
   * @param jvmOptions of the coordinator
   * @param megabytes MiB of the file
   */
  ReadersBench(Path folder, List<String> jvmOptions, int megabytes) {
    this.folder = folder;
    ScratchFolder.delete(folder);
    Path file = folder.resolve("model.trib");
    crc = write(file, megabytes);
    coordinator =
        CoordinatorProcess.start(
            folder,
            jvmOptions,
            List.of(
                "--port=0",
                "--data=" + folder.resolve("data"),
                "--agents=1",
                "--steps=100",
                "--offer=" + file),
            event -> {});
    coordinator.port();
    var memory = new ProcessMemory(coordinator.process().pid());
    var unused =
        watch.scheduleAtFixedRate(
            () -> peakAnonymous.accumulateAndGet(memory.anonymous(), Math::max),
            0,
            LOOK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private static long write(Path file, int megabytes) {
    var random = new Random(megabytes);
    var block = new byte[BLOCK_BYTES];
    var crc = new CRC32C();
    try {
      Files.createDirectories(file.getParent());
      try (OutputStream out = Files.newOutputStream(file)) {
        for (int i = 0; i < megabytes; i++) {
          random.nextBytes(block);
          crc.update(block);
          out.write(block);
        }
      }
    } catch (IOException e) {
      throw Errors.storage(file, "can't write", e);
    }
    return crc.getValue();
  }

  /** Where the coordinator listens. */
  int port() {
    return coordinator.port();
  }

  /** The most anonymous memory that the coordinator's process has had, in bytes. */
  long peakAnonymous() {
    return peakAnonymous.get();
  }

  /** Lets so many more readers connect, and returns when they have. */
  void join(int count) {
    int before = readers.size();
    for (int i = 0; i < count; i++) {
      readers.add(LightReader.connect("reader-" + readers.size(), port()));
    }
    coordinator.await(
        readers.subList(before, readers.size()).stream().map(LightReader::connected).toList());
  }

  /**
   * Lets all readers fetch the file, and returns the seconds until the last one has it.
   *
   * @throws TributaryException {@code INTERNAL} if one has another file
   */
  double fetch() {
    long began = System.nanoTime();
    List<CompletableFuture<Long>> all = readers.stream().map(LightReader::fetch).toList();
    coordinator.await(all);
    double seconds = (System.nanoTime() - began) / 1e9;
    if (all.stream().anyMatch(found -> found.join() != crc)) {
      throw new TributaryException(ErrorCode.INTERNAL, "a reader has another file");
    }
    return seconds;
  }

  @Override
  public void close() {
    readers.forEach(LightReader::close);
    watch.shutdownNow();
    coordinator.close();
    ScratchFolder.delete(folder);
  }
}
