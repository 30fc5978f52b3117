package io.tributary.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelSchemaTest {
  private static final TensorSpec TABLE =
      new TensorSpec("wte", List.of(5, 3), TensorRole.EMBEDDING, -1, Initializer.normal(0.02f));
  private static final TensorSpec GAIN =
      new TensorSpec("norm.gain", List.of(3), TensorRole.NORM, 0, Initializer.constant(1));

  @Test
  void theHashIsThatOfTheDocumentedText() {
    // sha256sum of the text that hash() describes, made outside of Java.
    assertThat(new ModelSchema(List.of(TABLE, GAIN)).hash())
        .isEqualTo("7a107f38af330d8d6a0ee7c12dc88448d1d00cbb763f8b823302909663b8395f");
  }

  static Stream<UnaryOperator<TensorSpec>> changes() {
    return Stream.of(
        t -> new TensorSpec("other", t.shape(), t.role(), t.layer(), t.initializer()),
        t -> new TensorSpec(t.name(), List.of(3, 5), t.role(), t.layer(), t.initializer()),
        t -> new TensorSpec(t.name(), t.shape(), TensorRole.MATRIX, t.layer(), t.initializer()),
        t -> new TensorSpec(t.name(), t.shape(), t.role(), 1, t.initializer()),
        t -> new TensorSpec(t.name(), t.shape(), t.role(), t.layer(), Initializer.normal(0.03f)),
        t -> new TensorSpec(t.name(), t.shape(), t.role(), t.layer(), Initializer.constant(0.02f)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void everyComponentChangesTheHash(UnaryOperator<TensorSpec> change) {
    var schema = new ModelSchema(List.of(TABLE, GAIN));
    assertThat(new ModelSchema(List.of(change.apply(TABLE), GAIN)).hash())
        .isNotEqualTo(schema.hash());
    assertThat(new ModelSchema(List.of(GAIN, TABLE)).hash()).isNotEqualTo(schema.hash());
  }

  @Test
  void parametersAreCountedBeyondTheRangeOfInt() {
    var huge = new TensorSpec("a", List.of(1 << 30), TensorRole.MATRIX, 0, GAIN.initializer());
    var more = new TensorSpec("b", List.of(1 << 30), TensorRole.MATRIX, 0, GAIN.initializer());
    assertThat(new ModelSchema(List.of(huge, more, TABLE)).parameters()).isEqualTo((1L << 31) + 15);
  }

  @Test
  void aModelHasTensorsWithUniqueNames() {
    assertThatThrownBy(() -> new ModelSchema(List.of()))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("at least one tensor");
    assertThatThrownBy(() -> new ModelSchema(List.of(TABLE, TABLE)))
        .hasMessageContaining("two tensors named wte");
  }

  static Stream<List<Integer>> badShapes() {
    return Stream.of(
        List.of(),
        List.of(0),
        List.of(4, -1),
        Collections.nCopies(9, 1),
        List.of(1 << 16, 1 << 16),
        List.of(Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("badShapes")
  void aShapeOutOfBoundsIsRefused(List<Integer> shape) {
    assertThatThrownBy(
            () -> new TensorSpec("t", shape, TensorRole.MATRIX, 0, Initializer.constant(0)))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("shape of t");
  }

  @Test
  void namesAndLayersAreBounded() {
    Initializer zero = Initializer.constant(0);
    assertThatThrownBy(() -> new TensorSpec("", List.of(1), TensorRole.BIAS, 0, zero))
        .hasMessageContaining("1 to 256 characters");
    assertThatThrownBy(() -> new TensorSpec("n".repeat(257), List.of(1), TensorRole.BIAS, 0, zero))
        .hasMessageContaining("1 to 256 characters");
    assertThatThrownBy(() -> new TensorSpec("t", List.of(1), TensorRole.BIAS, -2, zero))
        .hasMessageContaining("layer of t");
  }

  @Test
  void anInitializerIsFinite() {
    assertThatThrownBy(() -> Initializer.normal(-1)).hasMessageContaining("not negative");
    assertThatThrownBy(() -> Initializer.constant(Float.NaN)).hasMessageContaining("finite");
    assertThat(Initializer.constant(-1).scale()).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource(TensorRole.class)
  void aRoleCrossesTheWire(TensorRole role) {
    assertThat(TensorRole.fromWire(role.number())).contains(role);
    assertThat(TensorRole.fromWire(0)).isEmpty();
  }
}
