package io.tributary.weights.token;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A {@code vocab.txt} of BERT's words without upper case: a piece in each line, its number is that
 * of the line, from 0.
 */
final class WordPieceList {
  private static final int MOST_TOKENS = 1 << 22;

  /** Characters of a word, as in BERT's own program. */
  private static final int LONGEST_WORD = 200;

  private final String where;
  private final Map<String, Integer> vocabulary = new HashMap<>();

  private WordPieceList(String where) {
    this.where = where;
  }

  /**
   * Reads a file.
   *
   * @param where the file, for messages
   * @throws TributaryException {@code STORAGE} if it isn't one
   */
  static WordPieceTokenizer parse(String where, byte[] file) {
    return new WordPieceList(where).read(file);
  }

  private WordPieceTokenizer read(byte[] file) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedInputException(
          ErrorCode.STORAGE, where, 0, "expected pieces in UTF-8, found other bytes");
    }
    String[] pieces = text.split("\r?\n");
    if (pieces.length > MOST_TOKENS) {
      throw broken("expected at most " + MOST_TOKENS + " pieces, found " + pieces.length);
    }
    for (int i = 0; i < pieces.length; i++) {
      String piece = pieces[i];
      boolean special = piece.startsWith("[") && piece.endsWith("]");
      if (!special && !piece.equals(piece.toLowerCase(Locale.ROOT))) {
        throw broken("line " + (i + 1) + ": expected no upper case, found " + shown(piece));
      }
      if (vocabulary.put(piece, i) != null) {
        throw broken("line " + (i + 1) + ": expected each piece once, found again " + shown(piece));
      }
    }
    return new WordPieceTokenizer(
        vocabulary, pieces, "##", LONGEST_WORD, token("[UNK]"), token("[CLS]"), token("[SEP]"));
  }

  private int token(String piece) {
    Integer token = vocabulary.get(piece);
    if (token == null) {
      throw broken("expected a piece " + piece + ", found none");
    }
    return token;
  }

  private static String shown(String piece) {
    return "'" + (piece.length() > 80 ? piece.substring(0, 80) + "..." : piece) + "'";
  }

  private TributaryException broken(String what) {
    return new TributaryException(ErrorCode.STORAGE, where + ": " + what);
  }
}
