package io.tributary.weights.token;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.tensorbundle.SavedModelArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Vocabularies from their files. */
public final class Tokenizers {
  /** What a list of word pieces ends in. */
  static final String LIST = "vocab.txt";

  private static final String PIECES_OF_MODEL = "assets/" + LIST;
  private static final long MOST_BYTES = 256L << 20;
  private static final byte[] ARCHIVE = {'P', 'K', 3, 4};

  private Tokenizers() {}

  /**
   * Reads a {@code tokenizer.json}, a vocabulary of llama2.c, or BERT's {@code vocab.txt}, which
   * may also lie among the assets of a saved model in an archive.
   *
   * @throws TributaryException {@code STORAGE} if it can't be read, is neither, or demands what
   *     isn't known here
   */
  public static Tokenizer open(Path path) {
    try {
      if (isArchive(path)) {
        return SavedModelArchive.read(path, PIECES_OF_MODEL, (int) MOST_BYTES)
            .map(file -> WordPieceList.parse(path + ", entry " + PIECES_OF_MODEL, file))
            .orElseThrow(
                () ->
                    new TributaryException(
                        ErrorCode.STORAGE,
                        path + ": expected an entry " + PIECES_OF_MODEL + ", found none"));
      }
      long size = Files.size(path);
      if (size > MOST_BYTES) {
        throw new TributaryException(
            ErrorCode.STORAGE,
            path + ": expected a vocabulary of at most " + MOST_BYTES + " bytes, found " + size);
      }
      byte[] file = Files.readAllBytes(path);
      if (path.toString().endsWith(LIST)) {
        return WordPieceList.parse(path.toString(), file);
      }
      return file.length > 0 && file[0] == '{'
          ? TokenizerJson.parse(path.toString(), file)
          : ScoredPieceTokenizer.parse(path.toString(), file);
    } catch (IOException e) {
      throw Errors.storage(path, "can't read", e);
    }
  }

  /** Whether a file is an archive, in which a model has its vocabulary with it. */
  public static boolean isArchive(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(ARCHIVE, in.readNBytes(ARCHIVE.length));
    }
  }
}
