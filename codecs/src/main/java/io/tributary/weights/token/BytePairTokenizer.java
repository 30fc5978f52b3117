package io.tributary.weights.token;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Byte-level byte pair encoding: a text is cut into words, their UTF-8 bytes are the first pieces,
 * and of all neighbours in a word those that were merged first in training become one.
 */
final class BytePairTokenizer implements Tokenizer {
  /**
   * GPT-2's words: a contraction's end, letters, digits, others, each with a space; white space.
   */
  private static final Pattern WORDS =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** Words that are remembered, and how long such a word may be. */
  private static final int MOST_KNOWN = 1 << 16;

  private static final int LONGEST_KNOWN = 64;

  private final byte[][] pieces;
  private final BitSet special;
  private final int[] byteTokens;
  private final Map<Long, PairMerger.Union> unions;
  private final boolean wordsApart;
  private final boolean spaceInFront;
  private final PairMerger merger;
  private final Map<String, int[]> known = new ConcurrentHashMap<>();

  /**
   * A vocabulary.
   *
   * @param pieces the bytes of each token
   * @param special tokens that no text becomes
   * @param byteTokens the token of each byte
   * @param unions what a pair becomes, by {@link #pair}
   * @param wordsApart whether nothing is merged across the words' borders
   * @param spaceInFront whether a text that begins with none gets a space
   */
  BytePairTokenizer(
      byte[][] pieces,
      BitSet special,
      int[] byteTokens,
      Map<Long, PairMerger.Union> unions,
      boolean wordsApart,
      boolean spaceInFront) {
    this.pieces = pieces;
    this.special = special;
    this.byteTokens = byteTokens;
    this.wordsApart = wordsApart;
    this.spaceInFront = spaceInFront;
    this.unions = Map.copyOf(unions);
    merger = new PairMerger((left, right) -> this.unions.get(pair(left, right)));
  }

  /** Two tokens as one key. */
  static long pair(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }

  /** The left one of a pair. */
  static int left(long pair) {
    return (int) (pair >>> Integer.SIZE);
  }

  /** The right one of a pair. */
  static int right(long pair) {
    return (int) pair;
  }

  /** The bytes of a token, not to be changed. */
  byte[] piece(int token) {
    return pieces[token];
  }

  /** Whether no text becomes a token. */
  boolean isSpecial(int token) {
    return special.get(token);
  }

  /** What pairs become, by {@link #pair}. */
  Map<Long, PairMerger.Union> unions() {
    return unions;
  }

  /** Whether texts are cut into words, and begin as they are. */
  boolean isOrdinary() {
    return wordsApart && !spaceInFront;
  }

  @Override
  public int vocabulary() {
    return pieces.length;
  }

  @Override
  public OptionalInt beginning() {
    return OptionalInt.empty();
  }

  @Override
  public int[] encode(String text) {
    String whole = spaceInFront && !text.startsWith(" ") ? " " + text : text;
    if (!wordsApart) {
      return tokens(whole);
    }
    var found = new int[whole.length() / 4 + 16];
    int count = 0;
    Matcher words = WORDS.matcher(whole);
    while (words.find()) {
      int[] tokens = ofWord(words.group());
      if (count + tokens.length > found.length) {
        found = Arrays.copyOf(found, Math.max(2 * found.length, count + tokens.length));
      }
      System.arraycopy(tokens, 0, found, count, tokens.length);
      count += tokens.length;
    }
    return Arrays.copyOf(found, count);
  }

  private int[] ofWord(String word) {
    if (word.length() > LONGEST_KNOWN || known.size() >= MOST_KNOWN) {
      return tokens(word);
    }
    return known.computeIfAbsent(word, this::tokens);
  }

  private int[] tokens(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    var first = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      first[i] = byteTokens[Byte.toUnsignedInt(bytes[i])];
    }
    return merger.merge(first);
  }

  @Override
  public String decode(int... tokens) {
    var bytes = new ByteArrayOutputStream();
    for (int token : tokens) {
      bytes.writeBytes(pieces[token]);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
