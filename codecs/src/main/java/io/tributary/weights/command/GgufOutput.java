package io.tributary.weights.command;

import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.weights.file.TribFile;
import io.tributary.weights.ggml.GgufWriter;
import io.tributary.weights.model.LlamaGguf;
import io.tributary.weights.token.ModelVocabulary;
import io.tributary.weights.token.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A GGUF file as a command's output, with the vocabulary that belongs into it. */
final class GgufOutput {
  private final Path output;
  private final Optional<Tokenizer> tokenizer;

  /**
   * Reads the model's vocabulary, and says so if it has none.
   *
   * @param model the file or folder that {@code weights} were opened from
   * @param tokenizer the vocabulary's file, or null for one inside or beside the model
   */
  GgufOutput(
      Path output, Path model, WeightFile weights, @Nullable Path tokenizer, PrintWriter out) {
    this.output = output;
    boolean needed = LlamaGguf.of(weights).isPresent();
    this.tokenizer = needed ? ModelVocabulary.find(model, weights, tokenizer) : Optional.empty();
    if (needed && this.tokenizer.isEmpty()) {
      out.println(
          "no vocabulary beside "
              + model
              + ": the file is without one, so that no text can be said to it; --tokenizer names"
              + " one elsewhere");
      out.flush();
    }
  }

  /** Whether a file is to be GGUF, by its name. */
  static boolean isAskedBy(Path output) {
    return output.toString().endsWith(".gguf");
  }

  /** Where the compressed model stands before it becomes GGUF. */
  static Path before(Path output) {
    return output.resolveSibling(output.getFileName() + ".trib.tmp");
  }

  /** Writes the file, and returns its bytes. */
  long write(TribFile source) {
    return GgufWriter.write(source, tokenizer.orElse(null), output);
  }

  /** Makes GGUF of what stands before it, which is then gone, and returns the file's bytes. */
  long finish() {
    Path compressed = before(output);
    try (TribFile source = TribFile.open(compressed)) {
      return write(source);
    } finally {
      discard(compressed);
    }
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Errors.storage(file, "can't remove", e);
    }
  }
}
