package io.tributary.run;

import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/** Models and manifests for tests: small, with awkward shapes. */
public final class TestModels {
  private TestModels() {}

  /** Layers of a matrix and a gain each, an embedding before them and a norm behind them. */
  public static ModelSchema layered(int layers) {
    var tensors = new ArrayList<TensorSpec>();
    tensors.add(
        tensor("embedding", TensorRole.EMBEDDING, -1, Initializer.normal(0.1f), List.of(17, 5)));
    tensors.addAll(layersOnly(layers).tensors());
    tensors.add(tensor("norm", TensorRole.NORM, -1, Initializer.constant(1), List.of(5)));
    return new ModelSchema(tensors);
  }

  /** Layers alone, so that there is no base fragment. */
  public static ModelSchema layersOnly(int layers) {
    var tensors = new ArrayList<TensorSpec>();
    for (int l = 0; l < layers; l++) {
      String name = "layer." + l;
      tensors.add(
          tensor(
              name + ".matrix",
              TensorRole.MATRIX,
              l,
              Initializer.normal(0.2f),
              List.of(7 + l, 11)));
      tensors.add(tensor(name + ".gain", TensorRole.NORM, l, Initializer.constant(1), List.of(3)));
    }
    return new ModelSchema(tensors);
  }

  private static TensorSpec tensor(
      String name, TensorRole role, int layer, Initializer initializer, List<Integer> shape) {
    return new TensorSpec(name, shape, role, layer, initializer);
  }

  /** A short run of {@link #layered} with two layers in two fragments and a base, float32 up. */
  public static RunManifest manifest(int participants, int quorum) {
    return manifest(participants, quorum, "raw32", "raw32");
  }

  /** The same with other codecs. */
  public static RunManifest manifest(
      int participants, int quorum, String codecUp, String codecDown) {
    return new RunManifest(
        RunManifest.FORMAT,
        "0123456789abcdef0123456789abcdef",
        7,
        participants,
        quorum,
        12,
        ExchangeInterval.fixed(6),
        FragmentOrder.STRIDED,
        2,
        1,
        0.5f,
        0,
        "nesterov:0.7,0.9",
        "none",
        codecUp,
        codecDown,
        layered(2));
  }
}
