package io.tributary.bench.weights;

import io.tributary.bench.encoder.ModelJar;
import io.tributary.error.Errors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model with its vocabulary and the text that judges it.
 *
 * @param name for the rows
 * @param model its file or folder
 * @param tokenizer the vocabulary's file, or null for the one inside or beside the model
 * @param text in UTF-8
 */
public record JudgedText(String name, Path model, @Nullable Path tokenizer, Path text) {
  private static final String BERT = "bert";
  private static final String BERT_TEXT = "wikitext-2/test.txt";

  /** The models that have names, by their places in the folder of models. */
  private static final Map<String, String[]> NAMED =
      Map.of(
          "lm16m", new String[] {"lm16m", "lm16m/tokenizer.json", "lm16m/heldout.txt"},
          "stories260k",
              new String[] {
                "stories260K/stories260K.bin",
                "stories260K/tok512.bin",
                "stories260K/tinystories-excerpt.txt"
              });

  /**
   * Finds a model.
   *
   * @param model a name, or a file or folder
   * @param folder where the models with names are, or empty
   * @param text the text, or null for that of a model with a name
   * @param tokenizer the vocabulary, or null for the model's own
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if something is missing
   */
  public static JudgedText find(
      String model, String folder, @Nullable Path text, @Nullable Path tokenizer) {
    if (model.equals(BERT)) {
      Path jar = ModelJar.BERT.find("--model JAR --text FILE");
      Path read = text == null ? inFolder(BERT_TEXT, folder, BERT_TEXT) : text;
      return new JudgedText(model, jar, tokenizer == null ? jar : tokenizer, read);
    }
    String[] places = NAMED.get(model);
    if (places == null) {
      Path path = Path.of(model);
      if (text == null) {
        throw Errors.invalidSetting("--text", "none", "a text for the model " + model);
      }
      return new JudgedText(String.valueOf(path.getFileName()), path, tokenizer, text);
    }
    Path named = inFolder(model, folder, places[0]);
    return new JudgedText(
        model,
        named,
        tokenizer == null ? Path.of(folder, places[1]) : tokenizer,
        text == null ? Path.of(folder, places[2]) : text);
  }

  private static Path inFolder(String what, String folder, String place) {
    if (folder.isEmpty() || !Files.exists(Path.of(folder, place))) {
      throw Errors.invalidSetting(
          "--models", folder.isEmpty() ? "none" : folder, "the folder in which " + what + " is");
    }
    return Path.of(folder, place);
  }
}
