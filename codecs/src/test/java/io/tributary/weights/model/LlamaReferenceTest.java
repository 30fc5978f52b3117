package io.tributary.weights.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.file.ModelFolder;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Logits and continuations of real models against those of an independent program. */
class LlamaReferenceTest {
  private static LanguageModel model(Path path) {
    try (WeightFile file = WeightFormats.load().open(path)) {
      return LlamaModel.of(file);
    }
  }

  /** The logits behind the last token. */
  private static float[] logits(LanguageModel model, int... tokens) {
    var last = new float[model.vocabulary()];
    model.run(
        tokens,
        InputObserver.NONE,
        (position, logits, at) -> {
          if (position == tokens.length - 1) {
            System.arraycopy(logits, at, last, 0, last.length);
          }
        });
    return last;
  }

  private static int[] greedy(LanguageModel model, int count, int... tokens) {
    int[] all = tokens;
    for (int i = 0; i < count; i++) {
      float[] logits = logits(model, all);
      int best = 0;
      for (int j = 1; j < logits.length; j++) {
        best = logits[j] > logits[best] ? j : best;
      }
      all = Arrays.copyOf(all, all.length + 1);
      all[all.length - 1] = best;
    }
    return Arrays.copyOfRange(all, tokens.length, all.length);
  }

  @Test
  void stories() {
    LanguageModel model = model(ModelFolder.require("stories260K/stories260K.bin"));
    assertThat(model.vocabulary()).isEqualTo(512);
    assertThat(model.context()).isEqualTo(512);
    int[] prompt = {1, 403, 407, 261, 378};
    float[] logits = logits(model, prompt);
    assertThat(logits[432]).isCloseTo(17.799f, within(6e-4f));
    assertThat(logits[383]).isCloseTo(14.281f, within(6e-4f));
    assertThat(greedy(model, 10, prompt))
        .containsExactly(432, 383, 286, 261, 376, 298, 315, 421, 395, 317);
  }

  @Test
  void addresses() {
    LanguageModel model = model(ModelFolder.require("lm16m"));
    assertThat(model.vocabulary()).isEqualTo(4096);
    assertThat(model.context()).isEqualTo(256);
    int[] prompt = {2378, 2080, 1006, 11, 259, 1387, 267, 259, 1545};
    float[] logits = logits(model, prompt);
    assertThat(logits[332]).isCloseTo(10.3688f, within(6e-5f));
    assertThat(logits[11]).isCloseTo(9.3573f, within(6e-5f));
    assertThat(logits[416]).isCloseTo(9.3078f, within(6e-5f));
    assertThat(greedy(model, 16, prompt))
        .containsExactly(
            332, 377, 1015, 2448, 3408, 13, 198, 198, 2137, 3660, 2795, 40, 25, 198, 45, 338);
  }
}
