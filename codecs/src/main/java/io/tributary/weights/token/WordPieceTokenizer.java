package io.tributary.weights.token;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * BERT's words and their pieces, for vocabularies without upper case: a text is cleaned, its
 * accents and its upper case go, it is cut at white space and around punctuation, and of each word
 * the longest piece that it begins with is taken, again and again.
 *
 * <p>Written here and not called from a library, because the usual one brings a native library for
 * each platform, and this page is all that such a vocabulary needs.
 *
 * @see <a href="https://arxiv.org/abs/1609.08144">Wu et al. (2016), section 4.1</a>
 */
final class WordPieceTokenizer implements Tokenizer {
  private static final int REPLACEMENT = 0xFFFD;
  private static final String MASK = "[MASK]";

  private final Map<String, Integer> vocabulary;
  private final String[] pieces;
  private final String continuation;
  private final int longestWord;
  private final int longestPiece;
  private final int unknown;
  private final int beginning;
  private final int end;

  /**
   * A vocabulary.
   *
   * @param pieces the text of each token
   * @param continuation in front of pieces that don't begin a word
   * @param longestWord characters of a word, a longer one is unknown
   * @param unknown the token of words that no pieces make up
   * @param beginning the token before a text
   * @param end the token behind a text
   */
  WordPieceTokenizer(
      Map<String, Integer> vocabulary,
      String[] pieces,
      String continuation,
      int longestWord,
      int unknown,
      int beginning,
      int end) {
    this.vocabulary = Map.copyOf(vocabulary);
    this.pieces = pieces.clone();
    this.continuation = continuation;
    this.longestWord = longestWord;
    this.unknown = unknown;
    this.beginning = beginning;
    this.end = end;
    longestPiece = Arrays.stream(pieces).mapToInt(String::length).max().orElse(0);
  }

  @Override
  public int vocabulary() {
    return pieces.length;
  }

  @Override
  public OptionalInt beginning() {
    return OptionalInt.of(beginning);
  }

  @Override
  public OptionalInt end() {
    return OptionalInt.of(end);
  }

  @Override
  public OptionalInt mask() {
    Integer mask = vocabulary.get(MASK);
    return mask == null ? OptionalInt.empty() : OptionalInt.of(mask);
  }

  @Override
  public OptionalInt unknown() {
    return OptionalInt.of(unknown);
  }

  @Override
  public int[] encode(String text) {
    var tokens = new ArrayList<Integer>();
    for (String word : words(text)) {
      addPieces(word, tokens);
    }
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  private void addPieces(String word, List<Integer> tokens) {
    int first = tokens.size();
    if (word.codePointCount(0, word.length()) > longestWord) {
      tokens.add(unknown);
      return;
    }
    int at = 0;
    while (at < word.length()) {
      String prefix = at == 0 ? "" : continuation;
      Integer token = null;
      int to = Math.min(word.length(), at + longestPiece);
      for (; to > at; to--) {
        token = vocabulary.get(prefix + word.substring(at, to));
        if (token != null) {
          break;
        }
      }
      if (token == null) {
        tokens.subList(first, tokens.size()).clear();
        tokens.add(unknown);
        return;
      }
      tokens.add(token);
      at = to;
    }
  }

  private static List<String> words(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    String plain = lowerCase(cleaned(text));
    for (int at = 0; at < plain.length(); ) {
      int c = plain.codePointAt(at);
      at += Character.charCount(c);
      if (isSpace(c)) {
        endWord(word, words);
      } else if (isPunctuation(c)) {
        endWord(word, words);
        words.add(Character.toString(c));
      } else {
        word.appendCodePoint(c);
      }
    }
    endWord(word, words);
    return words;
  }

  private static void endWord(StringBuilder word, List<String> words) {
    if (word.length() > 0) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  /** White space becomes a blank, control characters go, each Chinese character is a word. */
  private static String cleaned(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isSpace(c)) {
                clean.append(' ');
              } else if (isChinese(c)) {
                clean.append(' ').appendCodePoint(c).append(' ');
              } else if (c != 0 && c != REPLACEMENT && !isControl(c)) {
                clean.appendCodePoint(c);
              }
            });
    return clean.toString();
  }

  private static String lowerCase(String text) {
    String apart = Normalizer.normalize(text, Normalizer.Form.NFD);
    var plain = new StringBuilder(apart.length());
    apart
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(plain::appendCodePoint);
    return plain.toString().toLowerCase(Locale.ROOT);
  }

  private static boolean isSpace(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /** ASCII's signs count too, also those that Unicode calls symbols. */
  private static boolean isPunctuation(int c) {
    if (c < 0x80) {
      return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isChinese(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  @Override
  public String decode(int... tokens) {
    var text = new StringBuilder();
    for (int token : tokens) {
      String piece = pieces[token];
      if (piece.startsWith(continuation)) {
        text.append(piece, continuation.length(), piece.length());
      } else {
        text.append(text.length() == 0 ? "" : " ").append(piece);
      }
    }
    return text.toString();
  }
}
