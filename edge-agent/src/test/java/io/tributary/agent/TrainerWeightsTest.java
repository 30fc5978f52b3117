package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.Trainer;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.safetensors.SafetensorsWriter;
import io.tributary.tensor.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerWeightsTest {
  @TempDir private Path folder;

  @Test
  void aSavedModelHasTheTrainersValues() {
    try (Trainer trainer = new StepTrainer(new GptShape(2, 2, 16, 8).schema(), 1, 0)) {
      trainer.step(1);
      Path file = folder.resolve("model.safetensors");
      try (var weights = new TrainerWeights(trainer, Map.of("origin", "test"))) {
        SafetensorsWriter.write(weights, file);
        assertThatThrownBy(() -> weights.rows("other"))
            .isInstanceOf(TributaryException.class)
            .hasMessage("the model has no tensor other");
      }
      try (WeightFile read = WeightFormats.load().open(file)) {
        assertThat(read.metadata()).containsEntry("origin", "test");
        List<TensorSpec> specs = trainer.schema().tensors();
        assertThat(read.tensors()).hasSameSizeAs(specs);
        for (int i = 0; i < specs.size(); i++) {
          var expected = new float[specs.get(i).elements()];
          trainer.read(i, expected, 0);
          var rows = read.rows(specs.get(i).name());
          var found = new float[expected.length];
          rows.read(0, (int) rows.rows(), found, 0);
          assertThat(found).as(specs.get(i).name()).containsExactly(expected);
        }
      }
    }
  }
}
