package io.tributary.weights.token;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.gguf.GgufFile;
import io.tributary.file.gguf.GgufMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Vocabularies among the metadata of GGUF files. There are two kinds there that are known here too:
 * {@code gpt2}, byte-level byte pair encoding with its words, and {@code llama}, pieces with
 * scores, in which a space is U+2581. What a file asks for beyond that is refused: the tokens would
 * be others.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the keys</a>
 */
public final class GgufVocabulary {
  private static final String MODEL = "tokenizer.ggml.model";
  private static final String CUT = "tokenizer.ggml.pre";
  private static final String TOKENS = "tokenizer.ggml.tokens";
  private static final String SCORES = "tokenizer.ggml.scores";
  private static final String TYPES = "tokenizer.ggml.token_type";
  private static final String MERGES = "tokenizer.ggml.merges";
  private static final String BEGINNING = "tokenizer.ggml.bos_token_id";
  private static final String END = "tokenizer.ggml.eos_token_id";
  private static final String UNKNOWN = "tokenizer.ggml.unknown_token_id";
  private static final String ADD_BEGINNING = "tokenizer.ggml.add_bos_token";
  private static final String ADD_SPACE = "tokenizer.ggml.add_space_prefix";

  private static final String PAIRS = "gpt2";
  private static final String PAIRS_CUT = "gpt-2";
  private static final String SCORED = "llama";
  private static final String NONE = "no_vocab";

  private static final int NORMAL_TYPE = 1;
  private static final int UNKNOWN_TYPE = 2;
  private static final int CONTROL_TYPE = 3;
  private static final int BYTE_TYPE = 6;

  private static final String END_OF_TEXT = "<|endoftext|>";

  /** A byte that no text in UTF-8 holds. */
  private static final int NEVER = 0xFF;

  private static final String SPACE = "\u2581";
  private static final int MOST_TOKENS = 1 << 22;

  private final GgufFile file;
  private final Map<String, String> metadata;

  private GgufVocabulary(GgufFile file) {
    this.file = file;
    metadata = file.metadata();
  }

  /**
   * Reads a file's vocabulary, or finds that there is none.
   *
   * @throws TributaryException {@code STORAGE} if it contradicts itself, or asks for what isn't
   *     known here
   */
  public static Optional<Tokenizer> read(GgufFile file) {
    var vocabulary = new GgufVocabulary(file);
    String model = vocabulary.metadata.getOrDefault(MODEL, NONE);
    return switch (model) {
      case NONE -> Optional.empty();
      case PAIRS -> Optional.of(vocabulary.readPairs());
      case SCORED -> Optional.of(vocabulary.readScored());
      default -> throw broken(MODEL, PAIRS + " or " + SCORED, model);
    };
  }

  private BytePairTokenizer readPairs() {
    expect(CUT, PAIRS_CUT, PAIRS_CUT);
    expect(ADD_BEGINNING, "false", "false");
    expect(ADD_SPACE, "false", "false");
    List<String> tokens = tokens();
    int[] types = types(tokens.size());
    var byPiece = new HashMap<String, Integer>();
    var pieces = new byte[tokens.size()][];
    var special = new BitSet();
    for (int i = 0; i < pieces.length; i++) {
      String token = tokens.get(i);
      if (types[i] == NORMAL_TYPE) {
        pieces[i] =
            ByteAlphabet.bytes(token)
                .orElseThrow(() -> broken(TOKENS, "characters that stand for bytes", token));
        byPiece.put(token, i);
      } else {
        pieces[i] = token.getBytes(StandardCharsets.UTF_8);
        special.set(i);
      }
    }
    var byteTokens = new int[256];
    for (int i = 0; i < byteTokens.length; i++) {
      byteTokens[i] = token(byPiece, String.valueOf(ByteAlphabet.character(i)), TOKENS);
    }
    return new BytePairTokenizer(pieces, special, byteTokens, unions(byPiece), true, false);
  }

  private Map<Long, PairMerger.Union> unions(Map<String, Integer> byPiece) {
    List<String> merges =
        file.texts(MERGES).orElseThrow(() -> broken(MERGES, "pairs of pieces", "none"));
    var unions = new HashMap<Long, PairMerger.Union>();
    for (int rank = 0; rank < merges.size(); rank++) {
      String[] pair = merges.get(rank).split(" ", -1);
      if (pair.length != 2) {
        throw broken(MERGES, "two pieces with a space between them", merges.get(rank));
      }
      unions.putIfAbsent(
          BytePairTokenizer.pair(token(byPiece, pair[0], MERGES), token(byPiece, pair[1], MERGES)),
          new PairMerger.Union(token(byPiece, pair[0] + pair[1], MERGES), rank));
    }
    return unions;
  }

  private static int token(Map<String, Integer> byPiece, String piece, String key) {
    Integer token = byPiece.get(piece);
    if (token == null) {
      throw broken(key, "pieces of the vocabulary, which has each byte's", "'" + piece + "'");
    }
    return token;
  }

  private ScoredPieceTokenizer readScored() {
    expect(ADD_BEGINNING, "true", "true");
    expect(ADD_SPACE, "true", "true");
    expect(BEGINNING, null, String.valueOf(ScoredPieceTokenizer.BEGINNING));
    List<String> tokens = tokens();
    if (tokens.size() < ScoredPieceTokenizer.LEAST) {
      throw broken(TOKENS, "at least " + ScoredPieceTokenizer.LEAST, tokens.size());
    }
    for (int i = 0; i < 256; i++) {
      String found = tokens.get(ScoredPieceTokenizer.FIRST_BYTE + i);
      if (!found.equals(byteName(i))) {
        throw broken(TOKENS, byteName(i) + " in its place", found);
      }
    }
    float[] scores = file.decimals(SCORES).orElse(new float[0]);
    if (scores.length != tokens.size()) {
      throw broken(SCORES, "one for each of " + tokens.size() + " tokens", scores.length);
    }
    return new ScoredPieceTokenizer(
        tokens.stream().map(token -> token.replace(SPACE, " ")).toList(), scores);
  }

  private static String byteName(int value) {
    return String.format(Locale.ROOT, "<0x%02X>", value);
  }

  private List<String> tokens() {
    List<String> tokens = file.texts(TOKENS).orElse(List.of());
    if (tokens.isEmpty() || tokens.size() > MOST_TOKENS) {
      throw broken(TOKENS, "1 to " + MOST_TOKENS, tokens.size());
    }
    return tokens;
  }

  private int[] types(int count) {
    int[] types = file.numbers(TYPES).orElse(new int[0]);
    if (types.length != count) {
      throw broken(TYPES, "one for each of " + count + " tokens", types.length);
    }
    return types;
  }

  private void expect(String key, @Nullable String otherwise, String expected) {
    String found = metadata.getOrDefault(key, otherwise == null ? "none" : otherwise);
    if (!found.equals(expected)) {
      throw broken(key, expected, found);
    }
  }

  private static TributaryException broken(String key, String expected, Object found) {
    return new TributaryException(
        ErrorCode.STORAGE, TokenizerJson.message("vocabulary", key, expected, found));
  }

  /**
   * Adds a vocabulary to a file's metadata.
   *
   * @param tokenizer the vocabulary, or null to say that the file has none
   * @throws TributaryException {@code INVALID_SETTING} if these keys can't tell it
   */
  public static void write(@Nullable Tokenizer tokenizer, GgufMetadata target) {
    if (tokenizer == null) {
      target.text(MODEL, NONE);
    } else if (tokenizer instanceof BytePairTokenizer pairs && pairs.isOrdinary()) {
      write(pairs, target);
    } else if (tokenizer instanceof ScoredPieceTokenizer scored) {
      write(scored, target);
    } else {
      throw Errors.invalidSetting(
          "vocabulary",
          "another kind",
          "pieces with scores, or byte pairs in words apart without a space in front, for GGUF");
    }
  }

  /**
   * Readers take token 11 for the end of a text if nothing else is said. A vocabulary that has no
   * end says the byte 255, which no text comes to.
   */
  private static void write(BytePairTokenizer pairs, GgufMetadata target) {
    var tokens = new ArrayList<String>();
    var types = new int[pairs.vocabulary()];
    int end = 0;
    for (int i = 0; i < types.length; i++) {
      byte[] piece = pairs.piece(i);
      boolean special = pairs.isSpecial(i);
      tokens.add(special ? new String(piece, StandardCharsets.UTF_8) : ByteAlphabet.text(piece));
      types[i] = special ? CONTROL_TYPE : NORMAL_TYPE;
      boolean isNever = !special && piece.length == 1 && Byte.toUnsignedInt(piece[0]) == NEVER;
      boolean isEnd = special && tokens.get(i).equals(END_OF_TEXT);
      end = isEnd || (isNever && end == 0) ? i : end;
    }
    List<String> merges =
        pairs.unions().entrySet().stream()
            .sorted(Comparator.comparingDouble(entry -> entry.getValue().rank()))
            .map(
                entry ->
                    tokens.get(BytePairTokenizer.left(entry.getKey()))
                        + " "
                        + tokens.get(BytePairTokenizer.right(entry.getKey())))
            .toList();
    target.text(MODEL, PAIRS);
    target.text(CUT, PAIRS_CUT);
    target.texts(TOKENS, tokens);
    target.numbers(TYPES, types);
    target.texts(MERGES, merges);
    target.number(BEGINNING, end);
    target.number(END, end);
    target.truth(ADD_BEGINNING, false);
    target.truth(ADD_SPACE, false);
  }

  private static void write(ScoredPieceTokenizer scored, GgufMetadata target) {
    var tokens = new ArrayList<String>();
    var types = new int[scored.vocabulary()];
    var scores = new float[types.length];
    for (int i = 0; i < types.length; i++) {
      tokens.add(
          switch (i) {
            case ScoredPieceTokenizer.UNKNOWN -> "<unk>";
            case ScoredPieceTokenizer.BEGINNING -> "<s>";
            case ScoredPieceTokenizer.END -> "</s>";
            default ->
                i < ScoredPieceTokenizer.LEAST
                    ? byteName(i - ScoredPieceTokenizer.FIRST_BYTE)
                    : scored.piece(i).replace(" ", SPACE);
          });
      types[i] =
          i == ScoredPieceTokenizer.UNKNOWN
              ? UNKNOWN_TYPE
              : i < ScoredPieceTokenizer.FIRST_BYTE
                  ? CONTROL_TYPE
                  : i < ScoredPieceTokenizer.LEAST ? BYTE_TYPE : NORMAL_TYPE;
      scores[i] = scored.score(i);
    }
    target.text(MODEL, SCORED);
    target.texts(TOKENS, tokens);
    target.decimals(SCORES, scores);
    target.numbers(TYPES, types);
    target.number(BEGINNING, ScoredPieceTokenizer.BEGINNING);
    target.number(END, ScoredPieceTokenizer.END);
    target.number(UNKNOWN, ScoredPieceTokenizer.UNKNOWN);
    target.truth(ADD_BEGINNING, true);
    target.truth(ADD_SPACE, true);
  }
}
