package io.tributary.bench.cluster;

import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders that a bench fills and nobody needs afterwards. */
public final class ScratchFolder {
  private ScratchFolder() {}

  /** Where a bench has its folder unless its user names another. */
  public static Path of(String bench) {
    return Path.of(System.getProperty("tributary.home", "."), "target", "bench-" + bench)
        .toAbsolutePath();
  }

  /** Deletes a folder with all that is in it, if it exists. */
  public static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw Errors.storage(folder, "can't delete", e);
    }
  }
}
