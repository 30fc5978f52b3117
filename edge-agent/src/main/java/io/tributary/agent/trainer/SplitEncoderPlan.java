package io.tributary.agent.trainer;

import io.tributary.error.Errors;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A pre-trained encoder that is cut in two and taught to tell classes of sentences. Its weights
 * stay as they are; what learns are low-rank adapters of queries and values on either side of the
 * cut, and a linear head over the mean of the last layer's tokens (Hu et al., "LoRA", 2021, section
 * 4). The lowest layers may have no adapters.
 *
 * @param weights the encoder
 * @param cut layers below the cut, 1 or more; all of them leave the head alone above it
 * @param frozen the layers without adapters, fewer than those below the cut
 * @param rank of the adapters, 1 to the width
 * @param classes 2 or more
 * @param rate of learning
 * @param optimizer of both sides
 */
public record SplitEncoderPlan(
    EncoderWeights weights,
    int cut,
    FrozenLayers frozen,
    int rank,
    int classes,
    LearningRate rate,
    AdamW.Options optimizer) {
  /** Tensors of each layer's adapters: queries in, queries out, values in, values out. */
  public static final int TENSORS_A_LAYER = 4;

  private static final float DEVIATION = 0.03f;
  private static final int MOST_CLASSES = 65_536;

  /** Checks every component. */
  public SplitEncoderPlan {
    EncoderShape shape = weights.shape();
    if (cut < 1 || cut > shape.layers()) {
      throw Errors.invalidSetting(
          "layers below the cut", cut, "a number from 1 to " + shape.layers());
    }
    if (frozen.count() >= cut) {
      throw Errors.invalidSetting(
          "layers without adapters", frozen.count(), "fewer than the " + cut + " below the cut");
    }
    if (rank < 1 || rank > shape.width()) {
      throw Errors.invalidSetting(
          "rank of the adapters", rank, "a number from 1 to " + shape.width());
    }
    if (classes < 2 || classes > MOST_CLASSES) {
      throw Errors.invalidSetting("classes", classes, "a number from 2 to " + MOST_CLASSES);
    }
  }

  /** The tensors that learn below the cut. */
  public ModelSchema bottomSchema() {
    return new ModelSchema(adapters(frozen.count(), cut));
  }

  /** The tensors that learn above the cut: adapters, then the head's weights and offsets. */
  public ModelSchema topSchema() {
    int width = weights.shape().width();
    List<TensorSpec> tensors = adapters(cut, weights.shape().layers());
    Initializer normal = Initializer.normal(DEVIATION);
    tensors.add(tensor("head.weight", TensorRole.MATRIX, -1, normal, classes, width));
    tensors.add(tensor("head.offset", TensorRole.NORM, -1, Initializer.constant(0), classes));
    return new ModelSchema(tensors);
  }

  /** The second map of each adapter begins at zero, so that training begins at the encoder. */
  private List<TensorSpec> adapters(int from, int to) {
    int width = weights.shape().width();
    Initializer normal = Initializer.normal(DEVIATION);
    Initializer zero = Initializer.constant(0);
    var tensors = new ArrayList<TensorSpec>();
    for (int l = from; l < to; l++) {
      for (String map : new String[] {"query", "value"}) {
        String name = "layer." + l + ".adapter." + map;
        tensors.add(tensor(name + ".in", TensorRole.MATRIX, l, normal, rank, width));
        tensors.add(tensor(name + ".out", TensorRole.MATRIX, l, zero, width, rank));
      }
    }
    return tensors;
  }

  private static TensorSpec tensor(
      String name, TensorRole role, int layer, Initializer initializer, Integer... shape) {
    return new TensorSpec(name, List.of(shape), role, layer, initializer);
  }
}
