package io.tributary.agent.trainer.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import io.tributary.agent.trainer.GptShape;
import java.util.Arrays;

/**
 * The GPT's forward pass as DJL operations. All heads go through one batched product, and queries,
 * keys and values through one matrix, because on one thread the number of operations costs as much
 * as their size.
 *
 * <p>Stateless; arrays are made in the manager of the tokens.
 */
final class GptGraph {
  private static final float EPSILON = 1e-5f;

  private final GptShape shape;

  GptGraph(GptShape shape) {
    this.shape = shape;
  }

  /**
   * Mean loss a token, in nats.
   *
   * @param parameters the schema's tensors in order
   * @param tokens [windows, length], int64
   * @param targets [windows, length], int64
   */
  NDArray loss(NDList parameters, NDArray tokens, NDArray targets) {
    return loss(logits(parameters, tokens), targets);
  }

  /** Mean loss a token of logits [windows, length, 256]. */
  static NDArray loss(NDArray logits, NDArray targets) {
    NDArray rows = logits.reshape(-1, GptShape.VOCABULARY);
    NDArray picked = rows.logSoftmax(-1).gather(targets.reshape(-1, 1), 1);
    return picked.mean().neg();
  }

  /** Logits [windows, length, 256] of the token after each of {@code tokens} [windows, length]. */
  NDArray logits(NDList parameters, NDArray tokens) {
    NDArray x = bottom(parameters, tokens, shape.layers());
    int norm = GptShape.TENSORS_BEFORE_LAYERS + shape.layers() * GptShape.TENSORS_A_LAYER;
    return linear(norm(x, parameters, norm), parameters.get(0));
  }

  /**
   * Residual vectors [windows, length, width] behind the first layers.
   *
   * @param parameters the two embeddings, then at least the tensors of these layers
   */
  NDArray bottom(NDList parameters, NDArray tokens, int layers) {
    long length = tokens.getShape().get(1);
    NDArray positions = parameters.get(1);
    if (length < shape.context()) {
      positions = positions.get("0:" + length);
    }
    NDArray x =
        Embedding.embedding(tokens, parameters.get(0), SparseFormat.DENSE)
            .singletonOrThrow()
            .add(positions);
    return layers(parameters, GptShape.TENSORS_BEFORE_LAYERS, layers, x);
  }

  /**
   * Residual vectors behind layers between two cuts.
   *
   * @param parameters the tensors of these layers
   */
  NDArray middle(NDList parameters, NDArray x, int layers) {
    return layers(parameters, 0, layers, x);
  }

  /**
   * Logits from the residual vectors behind the first layers.
   *
   * @param parameters the output table, the tensors of the other layers, the last norm
   * @param layers the number of the other layers
   */
  NDArray top(NDList parameters, NDArray x, int layers) {
    NDArray y = layers(parameters, 1, layers, x);
    int norm = 1 + layers * GptShape.TENSORS_A_LAYER;
    return linear(norm(y, parameters, norm), parameters.get(0));
  }

  private NDArray layers(NDList parameters, int first, int layers, NDArray input) {
    long windows = input.getShape().get(0);
    long length = input.getShape().get(1);
    NDManager manager = input.getManager();
    // An array, because mul(Number) puts the number into a Java buffer that may be collected before
    // the backward pass reads it.
    NDArray scale =
        manager.full(new Shape(1), (float) (1 / Math.sqrt((double) headWidth())), DataType.FLOAT32);
    NDArray mask = causalMask(manager, length);
    NDArray x = input;
    int at = first;
    for (int l = 0; l < layers; l++) {
      x = x.add(attention(parameters, at, x, scale, mask, windows, length));
      x = x.add(feedForward(parameters, at + 4, x));
      at += GptShape.TENSORS_A_LAYER;
    }
    return x;
  }

  private NDArray attention(
      NDList parameters,
      int at,
      NDArray x,
      NDArray scale,
      NDArray mask,
      long windows,
      long length) {
    NDList qkv = linear(norm(x, parameters, at), parameters.get(at + 2)).split(3, 2);
    NDArray q = heads(qkv.get(0), windows, length).mul(scale);
    NDArray k = heads(qkv.get(1), windows, length);
    NDArray v = heads(qkv.get(2), windows, length);
    NDArray scores = q.matMul(k.swapAxes(-1, -2)).add(mask);
    NDArray mixed =
        scores.softmax(-1).matMul(v).transpose(0, 2, 1, 3).reshape(windows, length, shape.width());
    return linear(mixed, parameters.get(at + 3));
  }

  /** From [windows, length, width] to [windows, heads, length, width of a head]. */
  private NDArray heads(NDArray x, long windows, long length) {
    return x.reshape(windows, length, shape.heads(), headWidth()).transpose(0, 2, 1, 3);
  }

  private int headWidth() {
    return shape.width() / shape.heads();
  }

  private NDArray feedForward(NDList parameters, int at, NDArray x) {
    NDArray inner = linear(norm(x, parameters, at), parameters.get(at + 2));
    return linear(Activation.gelu(inner), parameters.get(at + 3));
  }

  private NDArray norm(NDArray x, NDList parameters, int at) {
    return LayerNorm.layerNorm(
            x, new Shape(shape.width()), parameters.get(at), parameters.get(at + 1), EPSILON)
        .singletonOrThrow();
  }

  private static NDArray linear(NDArray x, NDArray weight) {
    return Linear.linear(x, weight).singletonOrThrow();
  }

  private static NDArray causalMask(NDManager manager, long length) {
    int n = (int) length;
    float[] mask = new float[n * n];
    for (int row = 0; row < n; row++) {
      Arrays.fill(mask, row * n + row + 1, row * n + n, Float.NEGATIVE_INFINITY);
    }
    return manager.create(mask, new Shape(n, n));
  }
}
