package io.tributary.weights.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.file.ModelFolder;
import io.tributary.weights.RowWorkers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Perplexities of real models against those of an independent program. */
class PerplexityReferenceTest {
  private static Perplexity judge(Path model, Path text, int windows) {
    JudgedModel judged = JudgedModel.open(model, null);
    try (RowWorkers workers = RowWorkers.ofMachine()) {
      return Perplexity.of(judged.model(), judged.windows(text, 0, windows), workers, done -> {});
    }
  }

  @Test
  void stories() {
    Path text = ModelFolder.require("stories260K/tinystories-excerpt.txt");
    Path model = ModelFolder.require("stories260K/stories260K.bin");
    Perplexity found = judge(model, text, Integer.MAX_VALUE);
    assertThat(found.tokens()).isEqualTo(7707);
    assertThat(found.windows()).isEqualTo(16);
    assertThat(found.nll()).isCloseTo(1.6551, within(5e-5));
    assertThat(found.perplexity()).isCloseTo(5.234, within(0.001));
  }

  @Test
  void addresses() {
    Path text = ModelFolder.require("lm16m/heldout.txt");
    Perplexity found = judge(ModelFolder.require("lm16m"), text, 128);
    assertThat(found.tokens()).isEqualTo(128 * 256);
    assertThat(found.nll()).isCloseTo(3.08662, within(1e-5));
  }
}
