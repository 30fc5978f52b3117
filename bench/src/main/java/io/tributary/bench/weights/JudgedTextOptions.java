package io.tributary.bench.weights;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a model and the text that judges it. */
public final class JudgedTextOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME|PATH",
      defaultValue = "lm16m",
      description =
          "lm16m or stories260k from the folder of models; bert, whose jar comes with the build if"
              + " it is asked for (mvn -Pbert) and is judged on WikiText-2 in that folder; or a file"
              + " or folder of weights (${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--models",
      paramLabel = "FOLDER",
      defaultValue = "${env:TRIBUTARY_MODELS}",
      description =
          "The folder in which the models with names are; by default the environment variable"
              + " TRIBUTARY_MODELS.")
  private @Nullable String models;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = "The text; a model with a name has its own.")
  private @Nullable Path text;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "The vocabulary; by default the one in or beside the model.")
  private @Nullable Path tokenizer;

  /**
   * Finds what they name.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if something is missing
   */
  public JudgedText find() {
    return JudgedText.find(model, models == null ? "" : models, text, tokenizer);
  }
}
