package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tributary.agent.trainer.Trainer;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.safetensors.SafetensorsWriter;
import io.tributary.run.OuterParameters;
import io.tributary.run.TestModels;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of weights as what an agent begins on. */
class ModelCopyTest {
  private static final ModelSchema SCHEMA = TestModels.manifest(2, 2).schema();

  @TempDir private Path folder;

  private final StepTrainer trainer = new StepTrainer(SCHEMA, 5, 1);

  @Test
  void allValuesAreTaken() {
    OuterParameters theta = OuterParameters.initial(SCHEMA, 99);
    try (ModelCopy copy = ModelCopy.open(written(trainer), SCHEMA)) {
      copy.readInto(theta);
    }
    for (int t = 0; t < SCHEMA.tensors().size(); t++) {
      var expected = new float[SCHEMA.tensors().get(t).elements()];
      trainer.read(t, expected, 0);
      assertThat(theta.tensor(t)).isEqualTo(expected);
    }
  }

  @Test
  void aTensorOfAnotherShapeIsRefused() {
    TensorSpec first = SCHEMA.tensors().get(0);
    refused(
        schemaWith(first.name(), List.of(first.elements(), 1)),
        "expected tensor " + first.name() + " of shape [" + first.elements() + ", 1], found shape");
  }

  @Test
  void aTensorThatIsNotThereIsRefused() {
    TensorSpec first = SCHEMA.tensors().get(0);
    refused(
        schemaWith("another", first.shape()),
        "expected tensor another of shape " + first.shape() + ", found no such tensor");
  }

  private void refused(ModelSchema schema, String why) {
    Path file = written(trainer);
    assertThatExceptionOfType(TributaryException.class)
        .isThrownBy(() -> ModelCopy.open(file, schema))
        .withMessageContaining(file.toString())
        .withMessageContaining(why)
        .extracting(TributaryException::code)
        .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
  }

  @Test
  void aFileOfSomethingElseIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("text"), "no weights");
    assertThatExceptionOfType(TributaryException.class)
        .isThrownBy(() -> ModelCopy.open(file, SCHEMA))
        .extracting(TributaryException::code)
        .isEqualTo(ErrorCode.STORAGE);
  }

  @Test
  void aValueThatIsNoNumberIsRefused() {
    var values = new float[SCHEMA.tensors().get(1).elements()];
    values[2] = Float.NaN;
    trainer.write(1, values, 0);
    OuterParameters theta = OuterParameters.initial(SCHEMA, 99);
    try (ModelCopy copy = ModelCopy.open(written(trainer), SCHEMA)) {
      assertThatExceptionOfType(TributaryException.class)
          .isThrownBy(() -> copy.readInto(theta))
          .withMessageContaining("element 2: expected a finite value, found NaN")
          .extracting(TributaryException::code)
          .isEqualTo(ErrorCode.NON_FINITE);
    }
  }

  private Path written(Trainer of) {
    Path file = folder.resolve("model.safetensors");
    try (var weights = new TrainerWeights(of, Map.of())) {
      SafetensorsWriter.write(weights, file);
    }
    return file;
  }

  /** The model with another first tensor. */
  private static ModelSchema schemaWith(String name, List<Integer> shape) {
    List<TensorSpec> tensors = new ArrayList<>(SCHEMA.tensors());
    TensorSpec first = tensors.get(0);
    tensors.set(0, new TensorSpec(name, shape, first.role(), first.layer(), first.initializer()));
    return new ModelSchema(tensors);
  }
}
