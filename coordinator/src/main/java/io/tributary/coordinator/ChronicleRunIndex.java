package io.tributary.coordinator;

import io.tributary.coordinator.journal.RunRecord;
import io.tributary.error.Errors;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.map.ChronicleMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run's manifest and members in a Chronicle Map, so that another process can look at them while
 * the run goes on. A copy: the journal is what counts, and the index is made anew from it at each
 * start. Keys: {@code manifest/N}, the manifest's JSON in pieces from 0, and {@code member/INDEX}.
 *
 * <p>Works on a thread of its own: the library compiles a class of its own when its first map is
 * opened, two seconds in which a coordinator that comes back would keep its agents waiting. What it
 * can't write it says in the log, and the run goes on.
 *
 * <p>Safe for any thread.
 */
final class ChronicleRunIndex implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ChronicleRunIndex.class);
  private static final int ENTRIES = 8192;
  private static final int AVERAGE_VALUE_BYTES = 256;

  /** Much above the average value's length the map would refuse an entry. */
  private static final int PIECE_BYTES = 1024;

  private static final long CLOSING_SECONDS = 10;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            var made = new Thread(work, "run-index");
            made.setDaemon(true);
            return made;
          });

  private final Path file;

  /** Confined to the thread; null until it is open, and for ever if it can't be. */
  private @Nullable ChronicleMap<String, byte[]> map;

  private ChronicleRunIndex(Path file) {
    this.file = file;
  }

  /**
   * Makes a new index in a folder in place of the old one. The old file isn't opened: a process
   * that was killed may have left it locked or half made, and all that it says stands in the
   * journal.
   */
  static ChronicleRunIndex create(Path folder) {
    Path file = folder.resolve("run.chm");
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Errors.storage(file, "can't make the index", e);
    }
    var index = new ChronicleRunIndex(file);
    index.submit(() -> index.map = map(file));
    return index;
  }

  private static ChronicleMap<String, byte[]> map(Path file) throws IOException {
    return ChronicleMap.of(String.class, byte[].class)
        .name("tributary-run")
        // Its own hook would close the map at a signal, while the run still writes to it.
        .skipCloseOnExitHook(true)
        .entries(ENTRIES)
        .averageKey("member/1234")
        .averageValueSize(AVERAGE_VALUE_BYTES)
        .maxBloatFactor(10)
        .createPersistedTo(file.toFile());
  }

  /** Something to do with the map. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private void submit(Work work) {
    thread.execute(
        () -> {
          try {
            work.run();
          } catch (IOException | RuntimeException | InternalError e) {
            // InternalError is how a full disk shows in mapped memory.
            LOG.warn("the index {} is incomplete: {}", file, e.getMessage());
          }
        });
  }

  private void put(String key, byte[] value) {
    submit(
        () -> {
          if (map != null) {
            map.put(key, value);
          }
        });
  }

  /** Makes the index say what the journal says. */
  void fill(@Nullable RunManifest manifest, List<String> members) {
    if (manifest != null) {
      byte[] document = RunDocuments.toBytes(manifest);
      for (int at = 0; at < document.length; at += PIECE_BYTES) {
        byte[] piece =
            Arrays.copyOfRange(document, at, Math.min(document.length, at + PIECE_BYTES));
        put("manifest/" + at / PIECE_BYTES, piece);
      }
    }
    for (int i = 0; i < members.size(); i++) {
      putMember(new RunRecord.Member(i, members.get(i)));
    }
  }

  /** Adds one member. */
  void putMember(RunRecord.Member member) {
    put("member/" + member.participant(), member.agent().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns when the map is closed. */
  @Override
  public void close() {
    submit(
        () -> {
          if (map != null) {
            map.close();
          }
        });
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the index {} isn't closed after {} s", file, CLOSING_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
