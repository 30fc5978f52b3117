package io.tributary.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** A committed file that a test can write: the build fails when the two differ. */
final class GeneratedDocument {
  private GeneratedDocument() {}

  /**
   * Compares, or writes if the system property {@code switchProperty} is true.
   *
   * @param file the path inside the repository
   */
  static void check(String file, String switchProperty, String text) {
    Path path = Repository.root().resolve(file);
    if (Boolean.getBoolean(switchProperty)) {
      Repository.write(path, text);
    }
    assertThat(path).as("generated file").exists();
    assertThat(Files.exists(path) ? Repository.read(path) : "")
        .as("%s is stale; write it anew: ./tributary test -D%s=true", file, switchProperty)
        .isEqualTo(text);
  }
}
