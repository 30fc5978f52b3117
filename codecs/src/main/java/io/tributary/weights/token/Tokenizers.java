package io.tributary.weights.token;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Vocabularies from their files. */
public final class Tokenizers {
  private static final long MOST_BYTES = 256L << 20;

  private Tokenizers() {}

  /**
   * Reads a {@code tokenizer.json}, or a vocabulary of llama2.c.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read, is neither, or demands what
   *     isn't known here
   */
  public static Tokenizer open(Path path) {
    try {
      long size = Files.size(path);
      if (size > MOST_BYTES) {
        throw new TributaryException(
            ErrorCode.STORAGE,
            path + ": expected a vocabulary of at most " + MOST_BYTES + " bytes, found " + size);
      }
      byte[] file = Files.readAllBytes(path);
      return file.length > 0 && file[0] == '{'
          ? TokenizerJson.parse(path.toString(), file)
          : ScoredPieceTokenizer.parse(path.toString(), file);
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
  }
}
