package io.tributary.agent.trainer.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.tributary.agent.trainer.GptShape;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** In double precision, where finite differences are sharp. */
class GptGraphTest {
  private static final GptShape SHAPE = new GptShape(2, 2, 8, 6);
  private static final int WINDOWS = 3;

  private final GptGraph graph = new GptGraph(SHAPE);
  private final List<double[]> parameters = randomParameters();
  private final long[] tokens = tokens(11);
  private final long[] targets = tokens(12);

  @Test
  void logitsAreThoseOfAPlainProgram() {
    double[] expected = new PlainGpt(SHAPE, parameters).logits(tokens, WINDOWS);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = graph.logits(arrays(manager), create(manager, tokens));
      assertThat(logits.getShape()).isEqualTo(new Shape(WINDOWS, SHAPE.context(), 256));
      assertThat(logits.toDoubleArray()).containsExactly(expected, within(1e-5));
    }
  }

  @Test
  void shorterTextsUseTheFirstPositions() {
    long[] start = new long[] {tokens[0], tokens[1]};
    double[] expected = new PlainGpt(SHAPE, parameters).logits(tokens, WINDOWS);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = graph.logits(arrays(manager), manager.create(start, new Shape(1, 2)));
      assertThat(logits.toDoubleArray())
          .containsExactly(java.util.Arrays.copyOf(expected, 512), within(1e-5));
    }
  }

  @Test
  void gradientsAreFiniteDifferencesOfTheLoss() {
    List<double[]> gradients = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      NDList arrays = arrays(manager);
      arrays.forEach(array -> array.setRequiresGradient(true));
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray loss = graph.loss(arrays, create(manager, tokens), create(manager, targets));
        collector.backward(loss);
      }
      arrays.forEach(array -> gradients.add(array.getGradient().toDoubleArray()));
    }
    double step = 1e-5;
    for (int t = 0; t < parameters.size(); t++) {
      double[] values = parameters.get(t);
      var random = new SplittableRandom(t);
      for (int probe = 0; probe < 6; probe++) {
        // Of the token table only the rows of seen tokens matter to the input side: probe one.
        int at =
            t == 0 && probe < 3
                ? (int) tokens[probe] * SHAPE.width() + probe
                : random.nextInt(values.length);
        double kept = values[at];
        values[at] = kept + step;
        double above = loss();
        values[at] = kept - step;
        double below = loss();
        values[at] = kept;
        assertThat(gradients.get(t)[at])
            .as(SHAPE.schema().tensors().get(t).name() + "[" + at + "]")
            .isCloseTo((above - below) / (2 * step), within(1e-7));
      }
    }
  }

  private double loss() {
    try (NDManager manager = NDManager.newBaseManager()) {
      return graph
          .loss(arrays(manager), create(manager, tokens), create(manager, targets))
          .getDouble();
    }
  }

  private NDList arrays(NDManager manager) {
    var arrays = new NDList();
    for (int t = 0; t < parameters.size(); t++) {
      TensorSpec spec = SHAPE.schema().tensors().get(t);
      long[] extents = spec.shape().stream().mapToLong(Integer::longValue).toArray();
      arrays.add(
          manager.create(parameters.get(t), new Shape(extents)).toType(DataType.FLOAT64, false));
    }
    return arrays;
  }

  private static NDArray create(NDManager manager, long[] numbers) {
    return manager.create(numbers, new Shape(WINDOWS, SHAPE.context()));
  }

  /** Far from the initial values, so that every path matters: large weights, uneven gains. */
  private static List<double[]> randomParameters() {
    var random = new SplittableRandom(3);
    var parameters = new ArrayList<double[]>();
    for (TensorSpec spec : SHAPE.schema().tensors()) {
      double[] values = new double[spec.elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextDouble(-0.5, 0.5) + (spec.name().endsWith("gain") ? 1 : 0);
      }
      parameters.add(values);
    }
    return parameters;
  }

  private static long[] tokens(long seed) {
    return new SplittableRandom(seed).longs((long) WINDOWS * SHAPE.context(), 0, 256).toArray();
  }
}
