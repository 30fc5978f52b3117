package io.tributary.agent.trainer.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import io.tributary.agent.trainer.EncoderShape;
import io.tributary.agent.trainer.EncoderWeights;
import io.tributary.agent.trainer.SentenceWindows;
import io.tributary.agent.trainer.SplitEncoderPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some layers of a pre-trained encoder with adapters as DJL operations. The frozen weights lie in
 * the engine's memory once, in the manager that the graph is made with; all else is made in the
 * manager of its input.
 */
final class EncoderGraph {
  private static final int QKV = 0;
  private static final int QKV_BIAS = 1;
  private static final int OUT = 2;
  private static final int OUT_BIAS = 3;
  private static final int ATTENTION_GAIN = 4;
  private static final int ATTENTION_OFFSET = 5;
  private static final int UP = 6;
  private static final int UP_BIAS = 7;
  private static final int DOWN = 8;
  private static final int DOWN_BIAS = 9;
  private static final int FEED_GAIN = 10;
  private static final int FEED_OFFSET = 11;

  private final EncoderShape shape;
  private final EncoderWeights weights;
  private final List<NDList> layers = new ArrayList<>();
  private final NDArray gain;
  private final NDArray offset;

  /** The layers from one on, to another, which isn't part of it. */
  EncoderGraph(NDManager manager, EncoderWeights weights, int from, int to) {
    this.weights = weights;
    shape = weights.shape();
    gain = frozen(manager, weights.gain());
    offset = frozen(manager, weights.offset());
    for (EncoderWeights.Layer layer : weights.layers().subList(from, to)) {
      int width = shape.width();
      layers.add(
          new NDList(
              frozen(manager, layer.qkv(), 3L * width, width),
              frozen(manager, layer.qkvBias()),
              frozen(manager, layer.out(), width, width),
              frozen(manager, layer.outBias()),
              frozen(manager, layer.attentionGain()),
              frozen(manager, layer.attentionOffset()),
              frozen(manager, layer.up(), shape.inner(), width),
              frozen(manager, layer.upBias()),
              frozen(manager, layer.down(), width, shape.inner()),
              frozen(manager, layer.downBias()),
              frozen(manager, layer.feedGain()),
              frozen(manager, layer.feedOffset())));
    }
  }

  private static NDArray frozen(NDManager manager, float[] values, long... extents) {
    Shape shape = extents.length == 0 ? new Shape(values.length) : new Shape(extents);
    return EngineTensors.toEngine(manager, shape, values, 0, values.length, false);
  }

  /** The vectors of a sentence's tokens [1, tokens, width] that the first layer begins with. */
  NDArray embeddings(NDManager scope, int[] sentence) {
    int width = shape.width();
    var sums = new float[sentence.length * width];
    for (int i = 0; i < sentence.length; i++) {
      int word = sentence[i] * width;
      for (int c = 0; c < width; c++) {
        sums[i * width + c] = weights.words()[word + c] + weights.positions()[i * width + c];
      }
    }
    NDArray x =
        EngineTensors.toEngine(
            scope, new Shape(1, sentence.length, width), sums, 0, sums.length, false);
    return norm(x, gain, offset);
  }

  /** All layers of this graph as they were published, without adapters. */
  NDArray frozen(NDArray x) {
    NDManager scope = x.getManager();
    NDArray scale = scale(scope);
    NDArray mask = scope.zeros(new Shape(1));
    NDArray y = x;
    for (NDList layer : layers) {
      NDList qkv = linear(y, layer.get(QKV), layer.get(QKV_BIAS)).split(3, 2);
      y = layer(layer, y, qkv.get(0), qkv.get(1), qkv.get(2), scale, mask);
    }
    return y;
  }

  /**
   * All layers of this graph.
   *
   * @param adapters the tensors of the plan's schema, those of these layers first
   * @param x [sentences, longest, width]
   */
  NDArray layers(NDList adapters, NDArray x, SentenceWindows sentences) {
    NDManager scope = x.getManager();
    NDArray scale = scale(scope);
    NDArray mask = mask(scope, sentences);
    NDArray y = x;
    int at = 0;
    for (NDList layer : layers) {
      NDList qkv = linear(y, layer.get(QKV), layer.get(QKV_BIAS)).split(3, 2);
      NDArray q = qkv.get(0).add(adapter(y, adapters, at));
      NDArray v = qkv.get(2).add(adapter(y, adapters, at + 2));
      y = layer(layer, y, q, qkv.get(1), v, scale, mask);
      at += SplitEncoderPlan.TENSORS_A_LAYER;
    }
    return y;
  }

  private NDArray scale(NDManager scope) {
    // An array, because mul(Number) puts the number into a Java buffer that may be collected before
    // the backward pass reads it.
    double headWidth = (double) shape.width() / shape.heads();
    return scope.full(new Shape(1), (float) (1 / Math.sqrt(headWidth)), DataType.FLOAT32);
  }

  private NDArray layer(
      NDList layer,
      NDArray x,
      NDArray query,
      NDArray key,
      NDArray value,
      NDArray scale,
      NDArray mask) {
    NDArray scores = heads(query).mul(scale).matMul(heads(key).swapAxes(-1, -2)).add(mask);
    NDArray mixed =
        scores.softmax(-1).matMul(heads(value)).transpose(0, 2, 1, 3).reshape(x.getShape());
    NDArray attention = linear(mixed, layer.get(OUT), layer.get(OUT_BIAS));
    NDArray y = norm(x.add(attention), layer.get(ATTENTION_GAIN), layer.get(ATTENTION_OFFSET));
    NDArray inner = Activation.gelu(linear(y, layer.get(UP), layer.get(UP_BIAS)));
    NDArray feed = linear(inner, layer.get(DOWN), layer.get(DOWN_BIAS));
    return norm(y.add(feed), layer.get(FEED_GAIN), layer.get(FEED_OFFSET));
  }

  private static NDArray adapter(NDArray x, NDList adapters, int at) {
    NDArray inner = Linear.linear(x, adapters.get(at)).singletonOrThrow();
    return Linear.linear(inner, adapters.get(at + 1)).singletonOrThrow();
  }

  /** From [sentences, longest, width] to [sentences, heads, longest, width of a head]. */
  private NDArray heads(NDArray x) {
    Shape s = x.getShape();
    int headWidth = shape.width() / shape.heads();
    return x.reshape(s.get(0), s.get(1), shape.heads(), headWidth).transpose(0, 2, 1, 3);
  }

  /** The means of the sentences' tokens [sentences, width]. */
  static NDArray means(NDArray x, SentenceWindows sentences) {
    int longest = sentences.longest();
    var shares = new float[sentences.count() * longest];
    for (int s = 0; s < sentences.count(); s++) {
      int tokens = sentences.tokens(s);
      Arrays.fill(shares, s * longest, s * longest + tokens, 1f / tokens);
    }
    NDArray share = x.getManager().create(shares, new Shape(sentences.count(), longest, 1));
    return x.mul(share).sum(new int[] {1});
  }

  /** Keeps padding out of attention. */
  private static NDArray mask(NDManager scope, SentenceWindows sentences) {
    int longest = sentences.longest();
    var mask = new float[sentences.count() * longest];
    for (int s = 0; s < sentences.count(); s++) {
      Arrays.fill(
          mask, s * longest + sentences.tokens(s), (s + 1) * longest, Float.NEGATIVE_INFINITY);
    }
    return scope.create(mask, new Shape(sentences.count(), 1, 1, longest));
  }

  private NDArray norm(NDArray x, NDArray gain, NDArray offset) {
    return LayerNorm.layerNorm(x, new Shape(shape.width()), gain, offset, EncoderWeights.EPSILON)
        .singletonOrThrow();
  }

  static NDArray linear(NDArray x, NDArray weight, NDArray bias) {
    return Linear.linear(x, weight, bias).singletonOrThrow();
  }
}
