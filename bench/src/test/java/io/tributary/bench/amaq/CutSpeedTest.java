package io.tributary.bench.amaq;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.LearnedCodecs;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The timing in its shortest form: what it says, not how fast anything is. */
class CutSpeedTest {
  @Test
  void everyCodecIsTimedAtEveryBudget() {
    var out = new StringWriter();
    var speed = new CutSpeed(LearnedCodecs.load(CodecRegistry.load()), true);
    CutSpeed.Figures figures = speed.measure(1, new PrintWriter(out));
    assertThat(figures.rows()).hasSize(9);
    for (CutSpeed.Row row : figures.rows()) {
      assertThat(row.encodeGbps()).isPositive();
      assertThat(row.decodeGbps()).isPositive();
      assertThat(row.feedbackGbps()).isPositive();
      assertThat(out.toString()).contains("| " + row.codec() + " |");
    }
  }
}
