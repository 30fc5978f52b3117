package io.tributary.weights.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The file {@code tokenizer.json} of a byte-level byte pair encoding, or of word pieces, which
 * {@link WordPieceJson} reads. What it may say beyond that, normalizers or other ways to cut a
 * text, is refused rather than ignored: the tokens would be others.
 */
final class TokenizerJson {
  private static final int MOST_TOKENS = 1 << 22;

  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(32)
                      .maxNumberLength(20)
                      .maxStringLength(1 << 16)
                      .maxNameLength(1 << 16)
                      .build())
              .build());

  private final String where;
  private final Map<String, Integer> vocabulary = new HashMap<>();

  private TokenizerJson(String where) {
    this.where = where;
  }

  /**
   * Reads a file.
   *
   * @param where the file, for messages
   * @throws TributaryException {@code STORAGE} if it isn't one, or says what isn't known here
   */
  static Tokenizer parse(String where, byte[] file) {
    try {
      JsonNode root = JSON.readTree(file);
      return WordPieceJson.recognises(root)
          ? WordPieceJson.parse(where, root)
          : new TokenizerJson(where).read(root);
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw new MalformedInputException(
          ErrorCode.STORAGE, where, at, "vocabulary is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BytePairTokenizer read(JsonNode file) {
    if (!file.path("normalizer").isNull() && !file.path("normalizer").isMissingNode()) {
      throw broken("normalizer", "null", file.path("normalizer"));
    }
    JsonNode cut = file.path("pre_tokenizer");
    expectText(cut.path("type"), "pre_tokenizer.type", "ByteLevel");
    JsonNode model = file.path("model");
    expectText(model.path("type"), "model.type", "BPE");
    JsonNode added = file.path("added_tokens");
    byte[][] pieces = readVocabulary(model.path("vocab"), added);
    var special = new BitSet();
    added.forEach(token -> special.set(token.path("id").intValue()));
    var byteTokens = new int[256];
    for (int i = 0; i < byteTokens.length; i++) {
      String character = String.valueOf(ByteAlphabet.character(i));
      byteTokens[i] = token(character, "a piece for each byte");
    }
    return new BytePairTokenizer(
        pieces,
        special,
        byteTokens,
        readMerges(model.path("merges")),
        cut.path("use_regex").asBoolean(true),
        cut.path("add_prefix_space").asBoolean(true));
  }

  private byte[][] readVocabulary(JsonNode vocab, JsonNode added) {
    int count = vocab.size() + added.size();
    if (!vocab.isObject() || count > MOST_TOKENS) {
      throw broken("model.vocab", "an object of at most " + MOST_TOKENS + " pieces", count);
    }
    for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
      put(entry.getKey(), entry.getValue(), count);
    }
    var texts = new HashMap<Integer, String>();
    for (JsonNode special : added) {
      String text = special.path("content").asText();
      put(text, special.path("id"), count);
      texts.put(special.path("id").asInt(), text);
    }
    int size = vocabulary.values().stream().mapToInt(i -> i).max().orElse(-1) + 1;
    var pieces = new byte[size][];
    vocabulary.forEach(
        (piece, token) ->
            pieces[token] =
                texts.containsKey(token)
                    ? piece.getBytes(StandardCharsets.UTF_8)
                    : ByteAlphabet.bytes(piece)
                        .orElseThrow(
                            () -> broken("model.vocab", "characters that stand for bytes", piece)));
    for (int i = 0; i < size; i++) {
      if (pieces[i] == null) {
        throw broken("model.vocab", "a piece for each number", "none for " + i);
      }
    }
    return pieces;
  }

  private void put(String piece, JsonNode token, int count) {
    if (!token.isInt() || token.intValue() < 0 || token.intValue() >= count) {
      throw broken("model.vocab", "numbers below " + count, token);
    }
    Integer before = vocabulary.put(piece, token.intValue());
    if (before != null && before != token.intValue()) {
      throw broken("model.vocab", "one number for each piece", before + " and " + token);
    }
  }

  private Map<Long, PairMerger.Union> readMerges(JsonNode merges) {
    if (!merges.isArray() || merges.size() > MOST_TOKENS) {
      throw broken("model.merges", "an array of at most " + MOST_TOKENS + " pairs", merges.size());
    }
    var unions = new HashMap<Long, PairMerger.Union>();
    int rank = 0;
    for (JsonNode merge : merges) {
      String[] pair =
          merge.isTextual()
              ? merge.textValue().split(" ", -1)
              : new String[] {merge.path(0).asText(), merge.path(1).asText()};
      if (pair.length != 2) {
        throw broken("model.merges", "two pieces", merge);
      }
      String what = "model.merges of pieces in model.vocab";
      int left = token(pair[0], what);
      int right = token(pair[1], what);
      unions.putIfAbsent(
          BytePairTokenizer.pair(left, right),
          new PairMerger.Union(token(pair[0] + pair[1], what), rank));
      rank++;
    }
    return unions;
  }

  private int token(String piece, String what) {
    Integer token = vocabulary.get(piece);
    if (token == null) {
      throw broken("model", what, "no piece '" + piece + "'");
    }
    return token;
  }

  private void expectText(JsonNode found, String what, String expected) {
    if (!expected.equals(found.textValue())) {
      throw broken(what, expected, found);
    }
  }

  private TributaryException broken(String what, String expected, Object found) {
    return new TributaryException(ErrorCode.STORAGE, message(where, what, expected, found));
  }

  /** What a file should say and what it says, which is cut short. */
  static String message(String where, String what, String expected, Object found) {
    String text = String.valueOf(found);
    return where
        + ", "
        + what
        + ": expected "
        + expected
        + ", found "
        + (text.length() > 80 ? text.substring(0, 80) + "..." : text);
  }
}
