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

/** The perplexity of the real BERT against that of an independent program. */
class BertReferenceTest {
  @Test
  void maskedTokensOfWikiText() {
    Path jar = BertJar.require();
    Path text = ModelFolder.require("wikitext-2/test.txt");
    JudgedModel judged = JudgedModel.open(jar, null);
    Perplexity found;
    try (RowWorkers workers = RowWorkers.ofMachine()) {
      found = Perplexity.of(judged.model(), judged.windows(text, 0, 12), workers, done -> {});
    }
    assertThat(found.tokens()).isEqualTo(210);
    assertThat(found.perplexity()).isCloseTo(10.83, within(0.02));
    // By another program in Python, with the same masks.
    assertThat(found.perplexity()).isCloseTo(10.84369, within(1e-3));
  }
}
