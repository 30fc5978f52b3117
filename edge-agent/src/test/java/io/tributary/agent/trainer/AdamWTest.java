package io.tributary.agent.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static final AdamW.Options DEFAULTS = AdamW.Options.defaults();
  private static final int MATRIX = 1021;
  private static final int NORM = 7;

  private final FlatLayout layout =
      new FlatLayout(
          new ModelSchema(
              List.of(
                  tensor("matrix", TensorRole.MATRIX, MATRIX),
                  tensor("gain", TensorRole.NORM, NORM))));

  @Test
  void theFirstStepMovesEachWeightByTheRateAndDecaysMatricesOnly() {
    var optimizer = new AdamW(layout, new AdamW.Options(0.9f, 0.999f, 1e-8f, 0.5f, 0));
    float[] parameters = filled(2f);
    optimizer.update(parameters, filled(-0.25f), 0.1);
    // By hand: after one step m / (1 - b1) = g and v / (1 - b2) = g^2, so the quotient is the sign
    // of g; 2 - 0.1 * -1 = 2.1, less 0.1 * 0.5 * 2 where weights decay.
    assertThat(parameters[0]).isCloseTo(2.0f, within(1e-6f));
    assertThat(parameters[MATRIX]).isCloseTo(2.1f, within(1e-6f));
  }

  @Test
  void manyStepsFollowTheDefinitionInDoublePrecision() {
    double b1 = 0.9;
    double b2 = 0.95;
    var optimizer = new AdamW(layout, new AdamW.Options((float) b1, (float) b2, 1e-8f, 0.1f, 1f));
    var random = new SplittableRandom(5);
    int n = MATRIX + NORM;
    float[] parameters = new float[n];
    double[] expected = new double[n];
    double[] m = new double[n];
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      parameters[i] = (float) random.nextDouble(-1, 1);
      expected[i] = parameters[i];
    }
    for (int step = 1; step <= 60; step++) {
      double rate = 0.01 / step;
      double size = step % 3 == 0 ? 1 : 0.01; // so that some gradients are clipped and some aren't
      float[] gradients = new float[n];
      double squares = 0;
      for (int i = 0; i < n; i++) {
        gradients[i] = (float) random.nextDouble(-size, size);
        squares += (double) gradients[i] * gradients[i];
      }
      optimizer.update(parameters, gradients, rate);
      double scale = Math.min(1, 1 / Math.sqrt(squares));
      for (int i = 0; i < n; i++) {
        double g = scale * gradients[i];
        m[i] = b1 * m[i] + (1 - b1) * g;
        v[i] = b2 * v[i] + (1 - b2) * g * g;
        double mean = m[i] / (1 - StrictMath.pow(b1, step));
        double square = v[i] / (1 - StrictMath.pow(b2, step));
        double decay = i < MATRIX ? 0.1 * expected[i] : 0;
        expected[i] -= rate * (mean / (Math.sqrt(square) + 1e-8) + decay);
      }
    }
    for (int i = 0; i < n; i++) {
      assertThat((double) parameters[i]).isCloseTo(expected[i], within(2e-6));
    }
    assertThat(optimizer.steps()).isEqualTo(60);
  }

  @Test
  void aRestoredOptimizerGoesOnBitForBit() throws IOException {
    var undisturbed = new AdamW(layout, DEFAULTS);
    float[] first = filled(0.5f);
    run(undisturbed, first, 1, 10);
    var saved = new ByteArrayOutputStream();
    undisturbed.save(new DataOutputStream(saved));
    float[] second = first.clone();
    run(undisturbed, first, 11, 20);

    var restored = new AdamW(layout, DEFAULTS);
    restored.restore(new DataInputStream(new ByteArrayInputStream(saved.toByteArray())));
    run(restored, second, 11, 20);
    assertThat(second).containsExactly(first);
  }

  @Test
  void aTornStateChangesNothing() throws IOException {
    var optimizer = new AdamW(layout, DEFAULTS);
    run(optimizer, filled(0.5f), 1, 3);
    var before = new ByteArrayOutputStream();
    optimizer.save(new DataOutputStream(before));
    byte[] torn = Arrays.copyOf(before.toByteArray(), before.size() - 1);
    torn[7] = 99;
    assertThatThrownBy(() -> optimizer.restore(new DataInputStream(new ByteArrayInputStream(torn))))
        .isInstanceOf(EOFException.class);
    var after = new ByteArrayOutputStream();
    optimizer.save(new DataOutputStream(after));
    assertThat(after.toByteArray()).isEqualTo(before.toByteArray());
  }

  @Test
  void aGradientThatIsNotFiniteIsRefusedAndChangesNothing() {
    var optimizer = new AdamW(layout, DEFAULTS);
    float[] parameters = filled(1f);
    float[] gradients = filled(0.1f);
    gradients[MATRIX] = Float.NaN;
    assertThatThrownBy(() -> optimizer.update(parameters, gradients, 0.1))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NON_FINITE))
        .hasMessageContaining("gradient of update 1")
        .hasMessageContaining("lower the learning rate");
    assertThat(parameters).containsExactly(filled(1f));
    assertThat(optimizer.steps()).isZero();
  }

  @Test
  void arraysOfAnotherLengthAreRefused() {
    var optimizer = new AdamW(layout, DEFAULTS);
    assertThatThrownBy(() -> optimizer.update(filled(1), new float[3], 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 gradients, expected 1028");
  }

  @Test
  void optionsOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> new AdamW.Options(1f, 0.9f, 1e-8f, 0, 0))
        .hasMessageContaining("betas of AdamW: expected numbers in [0, 1), found 1.0, 0.9");
    assertThatThrownBy(() -> new AdamW.Options(0.9f, 0.9f, 0, 0, 0))
        .hasMessageContaining("epsilon above 0");
  }

  private void run(AdamW optimizer, float[] parameters, int from, int to) {
    for (int step = from; step <= to; step++) {
      var random = new SplittableRandom(step);
      float[] gradients = new float[parameters.length];
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] = (float) random.nextDouble(-1, 1);
      }
      optimizer.update(parameters, gradients, 1e-2);
    }
  }

  private float[] filled(float value) {
    float[] array = new float[layout.length()];
    Arrays.fill(array, value);
    return array;
  }

  private static TensorSpec tensor(String name, TensorRole role, int elements) {
    return new TensorSpec(name, List.of(elements), role, 0, Initializer.constant(0));
  }
}
