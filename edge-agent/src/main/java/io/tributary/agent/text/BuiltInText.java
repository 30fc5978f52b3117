package io.tributary.agent.text;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The text that comes with the build: the sources of Apache Commons Lang, as a jar. */
public final class BuiltInText {
  /** Set by the launcher: the folder of the program, in which the build put the text. */
  private static final String HOME = "tributary.home";

  private BuiltInText() {}

  /**
   * Where it lies.
   *
   * @throws TributaryException {@code INVALID_SETTING} if it isn't there
   */
  public static Path path() {
    Path folder = Path.of(System.getProperty(HOME, "."), "bench", "target", "text");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        List<Path> jars = files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        if (!jars.isEmpty()) {
          return jars.get(0);
        }
      } catch (IOException e) {
        throw Errors.storage(folder, "can't list", e);
      }
    }
    throw new TributaryException(
        ErrorCode.INVALID_SETTING,
        "text: expected --text FILE_OR_FOLDER, or a jar of sources in "
            + folder
            + "; found neither");
  }
}
