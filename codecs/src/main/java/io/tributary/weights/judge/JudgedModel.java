package io.tributary.weights.judge;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.model.LanguageModel;
import io.tributary.weights.model.TokenWindow;
import io.tributary.weights.token.ModelVocabulary;
import io.tributary.weights.token.Tokenizer;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model in memory with its vocabulary, ready for texts. Safe for any thread.
 *
 * @param model the model
 * @param tokenizer its vocabulary
 */
public record JudgedModel(LanguageModel model, Tokenizer tokenizer) {
  private static final int LEAST_WINDOW = 2;

  /** BERT was trained on sequences of this length for most of its time. */
  private static final int MASKED_WINDOW = 128;

  /** A beginning, tokens of which a share can be masked, and an end. */
  private static final int LEAST_MASKED_WINDOW = 8;

  /** Checks that the two fit. */
  public JudgedModel {
    if (tokenizer.vocabulary() > model.vocabulary()) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "vocabulary: expected at most "
              + model.vocabulary()
              + " tokens as the model has, found "
              + tokenizer.vocabulary());
    }
  }

  /**
   * Opens a model whatever its format.
   *
   * @param path its file or folder
   * @param tokenizer the vocabulary's file, or null for the one inside or beside the model
   * @throws TributaryException {@code STORAGE} if either can't be read, isn't known here, or the
   *     two don't fit
   */
  public static JudgedModel open(Path path, @Nullable Path tokenizer) {
    try (WeightFile file = WeightFormats.load().open(path)) {
      return of(path, file, tokenizer);
    }
  }

  /** Takes a model from an open file, which isn't needed afterwards. */
  public static JudgedModel of(Path path, WeightFile file, @Nullable Path tokenizer) {
    LanguageModel model = LanguageModel.of(file);
    return new JudgedModel(model, ModelVocabulary.of(path, file, tokenizer));
  }

  /**
   * Cuts a text into windows of tokens. For a model that predicts the next token, a window of a
   * text that goes on ends with the token that it predicts last, which is also the first of the
   * next one; for one that predicts masked tokens see {@link MaskedWindows}.
   *
   * @param length the most tokens that predict one, or 0 for the model's context, or for 128 with
   *     masks
   * @param most the most windows, from the text's beginning
   * @throws TributaryException {@code STORAGE} if the text can't be read as UTF-8, {@code
   *     INVALID_SETTING} if it has no window of two tokens
   */
  public List<TokenWindow> windows(Path text, int length, int most) {
    int least = model.isMasked() ? LEAST_MASKED_WINDOW : LEAST_WINDOW;
    if (length != 0 && (length < least || length > model.context())) {
      throw Errors.invalidSetting(
          "tokens of a window", length, least + " to the model's context " + model.context());
    }
    String whole;
    try {
      whole = Files.readString(text);
    } catch (MalformedInputException e) {
      throw Errors.storage(text, "expected text in UTF-8, can't read", e);
    } catch (IOException e) {
      throw Errors.storage(text, "can't read", e);
    }
    List<TokenWindow> windows = windows(whole, length, most);
    if (windows.isEmpty()) {
      throw Errors.invalidSetting(
          "text " + text,
          whole.length() + " characters",
          model.isMasked() ? "a window of tokens or more" : "two tokens or more");
    }
    return windows;
  }

  private List<TokenWindow> windows(String text, int length, int most) {
    if (model.isMasked()) {
      int masked = length == 0 ? Math.min(MASKED_WINDOW, model.context()) : length;
      return new MaskedWindows(tokenizer).of(text, masked, most);
    }
    int longest = length == 0 ? model.context() : length;
    return tokenizer.beginning().isPresent()
        ? ofLines(text, tokenizer.beginning().getAsInt(), longest, most)
        : ofWhole(text, longest, most);
  }

  private List<TokenWindow> ofLines(String text, int beginning, int longest, int most) {
    var windows = new ArrayList<TokenWindow>();
    for (String line : text.split("\\R", -1)) {
      int[] tokens = tokenizer.encode(line);
      var window = new int[Math.min(longest, tokens.length + 1)];
      window[0] = beginning;
      System.arraycopy(tokens, 0, window, 1, window.length - 1);
      if (window.length >= LEAST_WINDOW && windows.size() < most) {
        windows.add(TokenWindow.ofNext(window));
      }
    }
    return windows;
  }

  private List<TokenWindow> ofWhole(String text, int longest, int most) {
    var windows = new ArrayList<TokenWindow>();
    int[] tokens = tokenizer.encode(text);
    for (int at = 0; at + LEAST_WINDOW <= tokens.length && windows.size() < most; at += longest) {
      int end = Math.min(tokens.length, at + longest + 1);
      windows.add(TokenWindow.ofNext(Arrays.copyOfRange(tokens, at, end)));
    }
    return windows;
  }
}
