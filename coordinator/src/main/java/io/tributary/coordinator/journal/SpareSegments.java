package io.tributary.coordinator.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files of segments that were dropped. The next segments are written over them: a file's blocks and
 * its pages in memory cost more to be given back and asked for again than the bytes that they hold.
 *
 * <p>Used by one thread at a time.
 */
final class SpareSegments {
  /** Enough for what one version of one fragment lets go of. */
  private static final int MOST = 4;

  private final Path folder;
  private final ArrayDeque<Path> files = new ArrayDeque<>();
  private int kept;

  /** No spare yet: deletes those that an earlier process has left in the folder. */
  SpareSegments(Path folder) throws IOException {
    this.folder = folder;
    List<Path> left;
    try (Stream<Path> entries = Files.list(folder)) {
      left = entries.filter(f -> f.getFileName().toString().matches("spare-\\d{8}\\.log")).toList();
    }
    for (Path spare : left) {
      Files.deleteIfExists(spare);
    }
  }

  /** Takes over the file of a closed segment, and deletes it if there are enough. */
  void add(Path segment) throws IOException {
    if (files.size() == MOST) {
      Files.deleteIfExists(segment);
      return;
    }
    kept++;
    files.add(
        Files.move(segment, folder.resolve(String.format(Locale.ROOT, "spare-%08d.log", kept))));
  }

  /** A file that nobody needs, or null if there is none. */
  @Nullable Path take() {
    return files.poll();
  }
}
