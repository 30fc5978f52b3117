package io.tributary.weights.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.HashMap;
import java.util.Map;

/**
 * A {@code tokenizer.json} of BERT's words without upper case. What it asks for beyond that is
 * refused rather than ignored, as in {@link TokenizerJson}.
 */
final class WordPieceJson {
  private static final int MOST_TOKENS = 1 << 22;
  private static final int LONGEST_WORD = 1 << 10;

  private final String where;

  private WordPieceJson(String where) {
    this.where = where;
  }

  /** Whether a file is of this kind. */
  static boolean recognises(JsonNode file) {
    return "WordPiece".equals(file.path("model").path("type").textValue());
  }

  /**
   * Reads a file.
   *
   * @throws TributaryException {@code STORAGE} if it says what isn't known here
   */
  static WordPieceTokenizer parse(String where, JsonNode file) {
    return new WordPieceJson(where).read(file);
  }

  private WordPieceTokenizer read(JsonNode file) {
    JsonNode normalizer = file.path("normalizer");
    expect(normalizer.path("type"), "normalizer.type", "BertNormalizer");
    expect(normalizer.path("clean_text"), "normalizer.clean_text", "true");
    expect(normalizer.path("handle_chinese_chars"), "normalizer.handle_chinese_chars", "true");
    expect(normalizer.path("lowercase"), "normalizer.lowercase", "true");
    // Null means: as lowercase.
    if (!normalizer.path("strip_accents").isNull()) {
      expect(normalizer.path("strip_accents"), "normalizer.strip_accents", "true");
    }
    expect(file.path("pre_tokenizer").path("type"), "pre_tokenizer.type", "BertPreTokenizer");
    JsonNode model = file.path("model");
    Map<String, Integer> vocabulary = vocabulary(model.path("vocab"));
    var pieces = new String[vocabulary.size()];
    vocabulary.forEach((piece, token) -> pieces[token] = piece);
    for (int i = 0; i < pieces.length; i++) {
      if (pieces[i] == null) {
        throw broken("model.vocab", "a piece for each number", "none for " + i);
      }
    }
    JsonNode around = file.path("post_processor").path("single");
    if (around.size() != 3 || around.path(1).path("Sequence").isMissingNode()) {
      throw broken("post_processor.single", "a token, the text, a token", around);
    }
    JsonNode longest = model.path("max_input_chars_per_word");
    if (!longest.isInt() || longest.intValue() < 1 || longest.intValue() > LONGEST_WORD) {
      throw broken("model.max_input_chars_per_word", "1 to " + LONGEST_WORD, longest);
    }
    JsonNode continuation = model.path("continuing_subword_prefix");
    if (!continuation.isTextual()) {
      throw broken("model.continuing_subword_prefix", "a text", continuation);
    }
    return new WordPieceTokenizer(
        vocabulary,
        pieces,
        continuation.textValue(),
        longest.intValue(),
        token(vocabulary, model.path("unk_token"), "model.unk_token"),
        token(vocabulary, around.path(0).path("SpecialToken").path("id"), "post_processor.single"),
        token(vocabulary, around.path(2).path("SpecialToken").path("id"), "post_processor.single"));
  }

  private Map<String, Integer> vocabulary(JsonNode vocab) {
    int count = vocab.size();
    if (!vocab.isObject() || count == 0 || count > MOST_TOKENS) {
      throw broken("model.vocab", "an object of 1 to " + MOST_TOKENS + " pieces", count);
    }
    var vocabulary = new HashMap<String, Integer>();
    for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
      JsonNode token = entry.getValue();
      if (!token.isInt() || token.intValue() < 0 || token.intValue() >= count) {
        throw broken("model.vocab", "numbers below " + count, token);
      }
      vocabulary.put(entry.getKey(), token.intValue());
    }
    return vocabulary;
  }

  private int token(Map<String, Integer> vocabulary, JsonNode piece, String what) {
    Integer token = vocabulary.get(piece.asText());
    if (token == null) {
      throw broken(what, "a piece of model.vocab", piece);
    }
    return token;
  }

  private void expect(JsonNode found, String what, String expected) {
    if (!expected.equals(found.asText())) {
      throw broken(what, expected, found);
    }
  }

  private TributaryException broken(String what, String expected, Object found) {
    return new TributaryException(
        ErrorCode.STORAGE, TokenizerJson.message(where, what, expected, found));
  }
}
