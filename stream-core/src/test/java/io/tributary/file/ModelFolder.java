package io.tributary.file;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Real models and texts for tests: they are too large to be kept with the sources. The build names
 * the folder; a test that doesn't find what it needs is skipped and says so.
 */
public final class ModelFolder {
  private static final String PROPERTY = "models.folder";

  private ModelFolder() {}

  /** A file or folder of the folder of models; ends the test as skipped if it isn't there. */
  public static Path require(String name) {
    String folder = System.getProperty(PROPERTY, "");
    Path path = Path.of(folder, name);
    assumeTrue(
        !folder.isEmpty() && Files.exists(path),
        "no " + name + " in the folder of models: -D" + PROPERTY + "=FOLDER names it");
    return path;
  }
}
