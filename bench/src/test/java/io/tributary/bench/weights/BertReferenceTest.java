package io.tributary.bench.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.bench.encoder.BertJar;
import io.tributary.file.ModelFolder;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.judge.JudgedModel;
import io.tributary.weights.judge.Perplexity;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The perplexity of the real BERT, and of what rounding leaves of it, against a program's. */
class BertReferenceTest {
  private static final int WINDOWS = 12;

  @Test
  void maskedTokensOfWikiText() {
    Path jar = BertJar.require();
    Path text = ModelFolder.require("wikitext-2/test.txt");
    JudgedModel judged = JudgedModel.open(jar, null);
    Perplexity found;
    try (RowWorkers workers = RowWorkers.ofMachine()) {
      found = Perplexity.of(judged.model(), judged.windows(text, 0, WINDOWS), workers, done -> {});
    }
    assertThat(found.tokens()).isEqualTo(210);
    assertThat(found.perplexity()).isCloseTo(10.83, within(0.005));
    // By another program in Python, with the same masks.
    assertThat(found.perplexity()).isCloseTo(10.82805, within(1e-3));
  }

  /** Kernels of the encoder in groups of 64 inputs; the program's scales are float32. */
  @ParameterizedTest
  @CsvSource({"8, 10.85", "4, 10.91", "3, 14.02"})
  void roundedToNearest(int bits, double perplexity) {
    Path jar = BertJar.require();
    Path text = ModelFolder.require("wikitext-2/test.txt");
    JudgedText judged = JudgedText.find(jar.toString(), "", text, null);
    String recipe = "rtn:" + bits + ",g=64,scale=f32";
    // So many windows behind are read that the widest matrix can be calibrated.
    try (var model = new CalibratedModel(judged, WINDOWS, 25, note -> {});
        var bench = new WeightsBench(judged.name(), model)) {
      assertThat(bench.run(recipe).perplexity()).isCloseTo(perplexity, within(0.02));
    }
  }
}
