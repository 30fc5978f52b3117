package io.tributary.weights.command;

import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks of where a command is to write. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that a file can be written and isn't read from.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it can't, or is
   */
  static void check(Path input, Path output) {
    MeasurementFacts.checkWritable("--output", output);
    try {
      boolean folder = Files.isDirectory(input);
      Path parent = output.toAbsolutePath().getParent();
      if (Files.exists(output)
          && (Files.isSameFile(input, output)
              || (folder && parent != null && Files.isSameFile(input, parent)))) {
        throw Errors.invalidSetting("--output", output, "another file than the input");
      }
    } catch (IOException e) {
      throw Errors.storage(output, "can't look at", e);
    }
  }
}
