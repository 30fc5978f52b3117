package io.tributary.agent.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import org.junit.jupiter.api.Test;

class GptShapeTest {
  private final ModelSchema schema = new GptShape(3, 2, 32, 16).schema();

  @Test
  void countsItsParameters() {
    int layer = 12 * 32 * 32 + 4 * 32;
    assertThat(schema.parameters()).isEqualTo((256 + 16) * 32 + 3 * layer + 2 * 32);
    assertThat(schema.tensors())
        .hasSize(GptShape.TENSORS_BEFORE_LAYERS + 3 * GptShape.TENSORS_A_LAYER + 2);
  }

  @Test
  void saysWhichLayerATensorBelongsTo() {
    for (TensorSpec tensor : schema.tensors()) {
      int layer =
          tensor.name().startsWith("layer.") ? Character.digit(tensor.name().charAt(6), 10) : -1;
      assertThat(tensor.layer()).as(tensor.name()).isEqualTo(layer);
    }
  }

  @Test
  void projectionsIntoTheResidualBeginSmallerByTheRootOfTheirNumber() {
    for (TensorSpec tensor : schema.tensors()) {
      boolean residual = tensor.name().endsWith(".out") || tensor.name().endsWith(".down");
      Initializer expected =
          tensor.role() == TensorRole.NORM
              ? Initializer.constant(tensor.name().endsWith("gain") ? 1 : 0)
              : Initializer.normal(residual ? (float) (0.02 / Math.sqrt(6)) : 0.02f);
      assertThat(tensor.initializer()).as(tensor.name()).isEqualTo(expected);
    }
  }

  @Test
  void theLayoutPutsTensorsBackToBackWithTheirInitialValues() {
    var layout = new FlatLayout(schema);
    assertThat(layout.length()).isEqualTo((int) schema.parameters());
    assertThat(layout.offset(1)).isEqualTo(256 * 32);
    float[] values = layout.initialValues(7);
    int gain = 2;
    assertThat(schema.tensors().get(gain).name()).isEqualTo("layer.0.attention.norm.gain");
    assertThat(values[layout.offset(gain)]).isEqualTo(1f);
    assertThat(layout.initialValues(7)).containsExactly(values);
    assertThat(layout.initialValues(8)).isNotEqualTo(values);
  }

  @Test
  void shapesOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> new GptShape(0, 2, 32, 16))
        .hasMessage("layers of the model: expected a number from 1 to 256, found 0");
    assertThatThrownBy(() -> new GptShape(1, 3, 32, 16))
        .hasMessage("width of the model: expected a multiple of the 3 heads, found 32");
    assertThatThrownBy(() -> new GptShape(1, 2, 32, 0))
        .hasMessageContaining("context of the model");
  }
}
