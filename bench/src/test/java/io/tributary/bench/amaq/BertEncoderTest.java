package io.tributary.bench.amaq;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.FrozenLayers;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SentenceWindows;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitEncoderPlan;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.bench.encoder.BertJar;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.model.BertModel;
import io.tributary.weights.model.LogitObserver;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The real BERT as the trainer has it against the judge's, whose perplexity is known. */
class BertEncoderTest {
  private static final int LENGTH = 16;
  private static final String LAST = "module/cls/predictions/transform/dense/kernel";

  @Test
  void bothForwardPassesAreTheSame() {
    Path jar = BertJar.require();
    PretrainedEncoder encoder = PretrainedEncoder.readBert(jar);
    assertThat(encoder.weights().shape().layers()).isEqualTo(12);
    assertThat(encoder.weights().shape().heads()).isEqualTo(12);
    assertThat(encoder.tokenizer().vocabulary()).isEqualTo(30_522);
    int[] tokens = encoder.tokens("Where is my card, and what does it cost?", LENGTH);
    assertThat(tokens).startsWith(101, 2073, 2003, 2026, 4003, 1010).endsWith(1029, 102);
    int width = encoder.weights().shape().width();
    var expected = new float[tokens.length * width];
    try (WeightFile file = WeightFormats.load().open(jar)) {
      BertModel.of(file)
          .run(
              tokens,
              (names, inputs, count, wide) -> {
                if (names.contains(LAST)) {
                  System.arraycopy(inputs, 0, expected, 0, expected.length);
                }
              },
              LogitObserver.NONE);
    }
    var plan =
        new SplitEncoderPlan(
            encoder.weights(),
            12,
            new FrozenLayers(11),
            1,
            2,
            LearningRate.constant(1, 0),
            AdamW.Options.defaults());
    var found = new float[LENGTH * width];
    try (SplitBottom bottom = TrainerProvider.named("djl").openEncoderBottom(plan, 1)) {
      var windows = new long[LENGTH + 1];
      SentenceWindows.write(tokens, 0, LENGTH, windows, 0);
      bottom.forward(windows, 1, found);
    }
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i] - found[i]));
    }
    assertThat(Arrays.equals(expected, new float[expected.length])).isFalse();
    assertThat(largest).isLessThan(1e-3);
  }
}
