package io.tributary.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of the working copy that these tests run in. */
final class Repository {
  private Repository() {}

  /** The top folder, known by the launcher script in it. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("tributary"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("run the tests inside the repository");
      }
    }
    return folder;
  }

  /** The regular files below a folder of the repository, without build output; none if absent. */
  static List<Path> filesBelow(String folder) {
    Path start = root().resolve(folder);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(start)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !isOutput(root().relativize(file)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOutput(Path file) {
    for (Path name : file) {
      if (name.toString().equals("target") || name.toString().equals(".git")) {
        return true;
      }
    }
    return false;
  }

  /** The Java sources below {@code src/main/java} of a module. */
  static List<Path> mainSources(ProjectModule module) {
    return filesBelow(module.folder() + "/src/main/java").stream()
        .filter(file -> file.toString().endsWith(".java"))
        .toList();
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
