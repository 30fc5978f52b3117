package io.tributary.weights.token;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a model's vocabulary is: in a file that is named, inside the model's if that is GGUF or an
 * archive, or beside it: {@code tokenizer.json}, {@code tokenizer.bin}, {@code vocab.txt}, or the
 * only file named {@code tok*.bin}.
 */
public final class ModelVocabulary {
  private ModelVocabulary() {}

  /**
   * Reads a model's vocabulary.
   *
   * @param model the file or folder of the model
   * @param weights the model, open
   * @param named the vocabulary's file, or null if it is inside the model or beside it
   * @throws TributaryException {@code STORAGE} if there is none, or it can't be read
   */
  public static Tokenizer of(Path model, WeightFile weights, @Nullable Path named) {
    return find(model, weights, named)
        .orElseThrow(
            () ->
                new TributaryException(
                    ErrorCode.STORAGE,
                    folder(model)
                        + ": expected the model's vocabulary, tokenizer.json, vocab.txt or one"
                        + " tok*.bin, found "
                        + (beside(model).isEmpty() ? "neither" : beside(model))
                        + "; --tokenizer names one elsewhere"));
  }

  /**
   * Reads a model's vocabulary as {@link #of} does, or finds that there is none or more than one.
   */
  public static Optional<Tokenizer> find(Path model, WeightFile weights, @Nullable Path named) {
    if (named != null) {
      return Optional.of(Tokenizers.open(named));
    }
    if (weights instanceof GgufFile gguf) {
      Optional<Tokenizer> inside = GgufVocabulary.read(gguf);
      if (inside.isPresent()) {
        return inside;
      }
    }
    List<Path> found = beside(model);
    return found.size() == 1 ? Optional.of(Tokenizers.open(found.get(0))) : Optional.empty();
  }

  private static Path folder(Path model) {
    return Files.isDirectory(model) ? model : model.toAbsolutePath().resolveSibling("");
  }

  private static List<Path> beside(Path model) {
    Path folder = folder(model);
    var found = new ArrayList<Path>();
    try {
      if (Tokenizers.isArchive(model)) {
        return List.of(model);
      }
      for (String name : new String[] {"tokenizer.json", "tokenizer.bin", Tokenizers.LIST}) {
        if (Files.isRegularFile(folder.resolve(name))) {
          return List.of(folder.resolve(name));
        }
      }
      try (var files = Files.newDirectoryStream(folder, "tok*.bin")) {
        files.forEach(found::add);
      }
    } catch (IOException e) {
      throw Errors.storage(folder, "can't list", e);
    }
    return found;
  }
}
