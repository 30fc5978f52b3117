package io.tributary.bench.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.agent.text.Corpus;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.agent.trainer.Trainer;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.error.TributaryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticTrainerTest {
  private static final GptShape SHAPE = new GptShape(1, 1, 8, 8);

  @TempDir private Path folder;
  private Corpus corpus;

  @BeforeEach
  void readText() throws IOException {
    Path text = folder.resolve("text.txt");
    Files.writeString(text, "many small streams make one river ".repeat(100));
    corpus = Corpus.read(text, 2);
  }

  private Trainer open(int participant) {
    var plan = new TrainingPlan(SHAPE, LearningRate.constant(0.01, 0), AdamW.Options.defaults());
    return TrainerProvider.named("synthetic")
        .open(plan, 5, List.of(corpus.sampler(participant, 5, 8, 2)), corpus.heldOut(8, 2));
  }

  private static float[] values(Trainer trainer) {
    var values = new float[trainer.schema().tensors().get(0).elements()];
    trainer.read(0, values, 0);
    return values;
  }

  @Test
  void aRestoredStateGoesOnWithTheSameBits() throws IOException {
    Trainer one = open(0);
    Trainer other = open(0);
    assertThat(one.step(1)).isEqualTo(other.step(1));
    var state = new ByteArrayOutputStream();
    one.saveState(new DataOutputStream(state));
    Trainer restored = open(0);
    restored.restoreState(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
    for (int step = 2; step < 6; step++) {
      assertThat(restored.step(step)).isEqualTo(other.step(step));
    }
    assertThat(values(restored)).isEqualTo(values(other));
  }

  @Test
  void agentsDifferAndAllLearn() {
    Trainer one = open(0);
    Trainer other = open(1);
    double before = one.heldOutLoss();
    for (int step = 1; step <= 50; step++) {
      one.step(step);
      other.step(step);
    }
    assertThat(values(one)).isNotEqualTo(values(other));
    assertThat(one.heldOutLoss()).isLessThan(before);
    assertThat(one.step(51).tokens()).isEqualTo(16);
  }

  @Test
  void itDoesNotCutModels() {
    TrainerProvider engine = TrainerProvider.named("synthetic");
    engine.warmUp();
    var whole =
        new TrainingPlan(
            new GptShape(2, 1, 8, 8), LearningRate.constant(0.01, 0), AdamW.Options.defaults());
    var plan = new SplitTrainingPlan(whole, 1);
    assertThatThrownBy(() -> engine.openTop(plan, 1))
        .isInstanceOf(TributaryException.class)
        .hasMessage("training engine: expected one that cuts models, such as djl, found synthetic");
  }
}
