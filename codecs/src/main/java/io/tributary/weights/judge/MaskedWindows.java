package io.tributary.weights.judge;

import io.tributary.error.Errors;
import io.tributary.weights.model.TokenWindow;
import io.tributary.weights.token.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Windows in which masks hide tokens that are to be predicted: 15 % of a window's text as in BERT's
 * training (<a href="https://arxiv.org/abs/1810.04805">1810.04805</a>, section 3.1), each replaced
 * by the mask. Which ones is drawn, window after window, as {@link PcgSampler} does; a drawn token
 * that is unknown stays as it is and isn't predicted. Windows begin and end as every text of its
 * own does; what is left at the text's end is no window.
 */
final class MaskedWindows {
  /** How texts of WikiText write a word that isn't among their words. */
  private static final String UNKNOWN_WORD = "<unk>";

  /**
   * How they write marks within a word or a number: {@code 1 @,@ 000} and {@code part @-@ time}.
   */
  private static final Pattern SPACED_MARK = Pattern.compile(" @([-,.])@ ");

  private static final double SHARE = 0.15;
  private static final int SEED = 1;

  private final Tokenizer tokenizer;
  private final int mask;
  private final int beginning;
  private final int end;
  private final int unknown;

  /**
   * For a vocabulary.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it has no mask
   */
  MaskedWindows(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    if (tokenizer.mask().isEmpty()
        || tokenizer.beginning().isEmpty()
        || tokenizer.end().isEmpty()
        || tokenizer.unknown().isEmpty()) {
      throw Errors.invalidSetting(
          "vocabulary", "none", "tokens for masks, beginnings, ends and unknown words");
    }
    mask = tokenizer.mask().getAsInt();
    beginning = tokenizer.beginning().getAsInt();
    end = tokenizer.end().getAsInt();
    unknown = tokenizer.unknown().getAsInt();
  }

  /**
   * Cuts a text.
   *
   * @param length the tokens of a window, its beginning and its end among them
   * @param most the most windows, from the text's beginning
   */
  List<TokenWindow> of(String text, int length, int most) {
    int[] tokens = tokens(text);
    int inner = length - 2;
    var drawn = new PcgSampler(SEED);
    var windows = new ArrayList<TokenWindow>();
    for (int at = 0; at + inner <= tokens.length && windows.size() < most; at += inner) {
      var sequence = new int[length];
      sequence[0] = beginning;
      System.arraycopy(tokens, at, sequence, 1, inner);
      sequence[length - 1] = end;
      int[] positions =
          Arrays.stream(drawn.draw(inner, (int) Math.rint(SHARE * inner)))
              .map(position -> position + 1)
              .filter(position -> sequence[position] != unknown)
              .toArray();
      windows.add(TokenWindow.ofMasked(sequence, mask, positions));
    }
    return windows;
  }

  private int[] tokens(String text) {
    var tokens = new ArrayList<int[]>();
    String written = SPACED_MARK.matcher(text).replaceAll("$1");
    for (String part : written.split(UNKNOWN_WORD, -1)) {
      if (!tokens.isEmpty()) {
        tokens.add(new int[] {unknown});
      }
      tokens.add(tokenizer.encode(part));
    }
    return tokens.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
