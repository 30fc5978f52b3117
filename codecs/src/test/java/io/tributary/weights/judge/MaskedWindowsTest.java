package io.tributary.weights.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.weights.model.TokenWindow;
import io.tributary.weights.token.Tokenizer;
import io.tributary.weights.token.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskedWindowsTest {
  private static final int UNKNOWN = 0;
  private static final int MASK = 3;

  @TempDir private Path folder;

  private Tokenizer letters(String first) throws IOException {
    String pieces = first + "a\nb\nc\nd\ne\nf\n";
    return Tokenizers.open(Files.writeString(folder.resolve("vocab.txt"), pieces));
  }

  @Test
  void windowsBeginAndEndAndHideAShare() throws IOException {
    Tokenizer tokenizer = letters("[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
    String text = "a b c d e f a b <unk> d ".repeat(3) + "a b c";
    List<TokenWindow> windows = new MaskedWindows(tokenizer).of(text, 12, 5);
    // Three windows of ten; three tokens are left over.
    assertThat(windows).hasSize(3);
    var drawn = new PcgSampler(1);
    int[] whole = {1, 4, 5, 6, 7, 8, 9, 4, 5, UNKNOWN, 7, 2};
    for (TokenWindow window : windows) {
      int[] expected = whole.clone();
      var targets = new int[12];
      Arrays.fill(targets, TokenWindow.NOTHING);
      for (int position : drawn.draw(10, 2)) {
        if (whole[position + 1] != UNKNOWN) {
          targets[position + 1] = whole[position + 1];
          expected[position + 1] = MASK;
        }
      }
      assertThat(window.tokens()).isEqualTo(expected);
      assertThat(window.targets()).isEqualTo(targets);
    }
    assertThat(new MaskedWindows(tokenizer).of(text, 12, 1)).hasSize(1);
    assertThat(new MaskedWindows(tokenizer).of("a b", 12, 1)).isEmpty();
  }

  /** WikiText writes marks within words and numbers as words of their own. */
  @Test
  void marksWithinWordsAreOneToken() throws IOException {
    Tokenizer tokenizer = letters("[UNK]\n[CLS]\n[SEP]\n[MASK]\n-\n,\n.\n@\n");
    MaskedWindows windows = new MaskedWindows(tokenizer);
    String text = "a @-@ b c @,@ d e @.@ f @ a";
    assertThat(windows.of(text, 13, 1).get(0).targets())
        .isEqualTo(windows.of("a-b c,d e.f @ a", 13, 1).get(0).targets());
    assertThat(windows.of(text, 14, 1)).as("eleven tokens").isEmpty();
  }

  @Test
  void aVocabularyWithoutMaskIsRefused() throws IOException {
    Tokenizer tokenizer = letters("[UNK]\n[CLS]\n[SEP]\n");
    assertThatThrownBy(() -> new MaskedWindows(tokenizer))
        .isInstanceOf(TributaryException.class)
        .hasMessage(
            "vocabulary: expected tokens for masks, beginnings, ends and unknown words, found"
                + " none");
  }
}
