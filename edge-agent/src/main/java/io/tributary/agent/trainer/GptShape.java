package io.tributary.agent.trainer;

import io.tributary.error.Errors;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a byte-level GPT: layer norm before attention and feed-forward, learned positions,
 * GELU, no biases in linear maps, output tied to the token embedding, vocabulary of 256 bytes.
 *
 * @param layers blocks of attention and feed-forward
 * @param heads attention heads a block; divides the width
 * @param width length of the residual vector
 * @param context the most bytes that a prediction sees
 */
public record GptShape(int layers, int heads, int width, int context) {
  /** The number of tokens: a byte each. */
  public static final int VOCABULARY = 256;

  /** Tensors before those of the first layer. */
  public static final int TENSORS_BEFORE_LAYERS = 2;

  /** Tensors of each layer. */
  public static final int TENSORS_A_LAYER = 8;

  private static final float DEVIATION = 0.02f;

  /** Checks every component. */
  public GptShape {
    check("layers", layers, 1, 256);
    check("heads", heads, 1, 256);
    check("width", width, 1, 16_384);
    check("context", context, 1, 65_536);
    if (width % heads != 0) {
      throw Errors.invalidSetting(
          "width of the model", width, "a multiple of the " + heads + " heads");
    }
  }

  private static void check(String what, int found, int min, int max) {
    if (found < min || found > max) {
      throw Errors.invalidSetting(
          what + " of the model", found, "a number from " + min + " to " + max);
    }
  }

  /** Four layers of width 128 and a context of 128: trains on one core. */
  public static GptShape defaults() {
    return new GptShape(4, 4, 128, 128);
  }

  /**
   * The tensors in their fixed order: token and position embedding, eight a layer, the last norm.
   * Linear maps are [out, in]. Initial values as GPT-2's: deviation 0.02, projections that end in
   * the residual divided by √(2·layers), so that its variance doesn't grow with depth.
   */
  public ModelSchema schema() {
    var tensors = new ArrayList<TensorSpec>();
    addEmbeddings(tensors);
    addLayers(tensors, 0, layers);
    addNorm(tensors, "last.norm", -1);
    return new ModelSchema(tensors);
  }

  /**
   * The tensors below a cut behind {@code cut} layers: both embeddings and these layers.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} unless there is a layer
   *     on either side
   */
  public ModelSchema bottomSchema(int cut) {
    checkCut(cut);
    var tensors = new ArrayList<TensorSpec>();
    addEmbeddings(tensors);
    addLayers(tensors, 0, cut);
    return new ModelSchema(tensors);
  }

  /**
   * The tensors between two cuts: those of the layers there.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} unless there is a layer
   *     below the first cut and one between them
   */
  public ModelSchema middleSchema(int cut, int lastCut) {
    checkCuts(cut, lastCut);
    if (lastCut == cut) {
      throw Errors.invalidSetting("layers between two cuts", 0, "1 or more");
    }
    var tensors = new ArrayList<TensorSpec>();
    addLayers(tensors, cut, lastCut);
    return new ModelSchema(tensors);
  }

  /**
   * The tensors above the last cut: an output table of its own, since the embedding lies with
   * another part, the other layers if there are any, the last norm.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} unless there is a layer
   *     below the cut
   */
  public ModelSchema topSchema(int cut) {
    checkCuts(1, cut);
    var tensors = new ArrayList<TensorSpec>();
    Initializer normal = Initializer.normal(DEVIATION);
    tensors.add(tensor("output.table", TensorRole.EMBEDDING, -1, normal, VOCABULARY, width));
    addLayers(tensors, cut, layers);
    addNorm(tensors, "last.norm", -1);
    return new ModelSchema(tensors);
  }

  private void checkCut(int cut) {
    if (cut < 1 || cut >= layers) {
      throw Errors.invalidSetting(
          "layers below the cut", cut, "1 or more, and fewer than the model's " + layers);
    }
  }

  void checkCuts(int cut, int lastCut) {
    checkCut(cut);
    if (lastCut < cut || lastCut > layers) {
      throw Errors.invalidSetting("layers below the last cut", lastCut, cut + " to " + layers);
    }
  }

  private void addEmbeddings(List<TensorSpec> tensors) {
    Initializer normal = Initializer.normal(DEVIATION);
    tensors.add(tensor("token.embedding", TensorRole.EMBEDDING, -1, normal, VOCABULARY, width));
    tensors.add(tensor("position.embedding", TensorRole.EMBEDDING, -1, normal, context, width));
  }

  private void addLayers(List<TensorSpec> tensors, int from, int to) {
    Initializer normal = Initializer.normal(DEVIATION);
    Initializer residual = Initializer.normal((float) (DEVIATION / Math.sqrt(2.0 * layers)));
    for (int l = from; l < to; l++) {
      String layer = "layer." + l + ".";
      addNorm(tensors, layer + "attention.norm", l);
      tensors.add(tensor(layer + "attention.qkv", TensorRole.MATRIX, l, normal, 3 * width, width));
      tensors.add(tensor(layer + "attention.out", TensorRole.MATRIX, l, residual, width, width));
      addNorm(tensors, layer + "feed.norm", l);
      tensors.add(tensor(layer + "feed.up", TensorRole.MATRIX, l, normal, 4 * width, width));
      tensors.add(tensor(layer + "feed.down", TensorRole.MATRIX, l, residual, width, 4 * width));
    }
  }

  private void addNorm(List<TensorSpec> tensors, String name, int layer) {
    tensors.add(tensor(name + ".gain", TensorRole.NORM, layer, Initializer.constant(1), width));
    tensors.add(tensor(name + ".offset", TensorRole.NORM, layer, Initializer.constant(0), width));
  }

  private static TensorSpec tensor(
      String name, TensorRole role, int layer, Initializer initializer, Integer... shape) {
    return new TensorSpec(name, List.of(shape), role, layer, initializer);
  }
}
