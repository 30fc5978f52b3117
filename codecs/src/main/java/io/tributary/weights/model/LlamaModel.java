package io.tributary.weights.model;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A Llama-style model in memory, as float32. Which tensor of a file is which follows from their
 * names, the numbers of heads and the context from its metadata.
 */
public final class LlamaModel implements LanguageModel {
  /** Positions whose logits are there at the same time. */
  private static final int POSITIONS = 32;

  private final LlamaShape shape;
  private final ModelKernel kernel;
  private final RotaryPositions positions;
  private final HeadAttention attention;
  private final PanelMatrix embedding;
  private final PanelMatrix output;
  private final List<String> outputName;
  private final float[] norm;
  private final List<Layer> layers = new ArrayList<>();

  /** A layer's weights, and the names of those that share inputs. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Layer(
      float[] attentionNorm,
      PanelMatrix query,
      PanelMatrix key,
      PanelMatrix value,
      PanelMatrix attentionOutput,
      float[] feedForwardNorm,
      PanelMatrix gate,
      PanelMatrix up,
      PanelMatrix down,
      List<String> attentionNames,
      List<String> attentionOutputName,
      List<String> gateNames,
      List<String> downName) {}

  private LlamaModel(WeightFile file, LlamaNames names, ModelKernel kernel) {
    shape = LlamaShape.of(file, names);
    this.kernel = kernel;
    positions = new RotaryPositions(shape.context(), shape.headWidth(), shape.ropeBase());
    attention = new HeadAttention(shape.heads(), shape.kvHeads(), shape.headWidth(), true, kernel);
    var tensors = new ModelTensors(file);
    embedding = tensors.matrix(names.embedding(), shape.vocabulary(), shape.dim());
    boolean tied = file.tensors().stream().noneMatch(t -> t.name().equals(names.output()));
    outputName = List.of(tied ? names.embedding() : names.output());
    output = tied ? embedding : tensors.matrix(names.output(), shape.vocabulary(), shape.dim());
    norm = tensors.vector(names.norm(), shape.dim());
    for (int i = 0; i < shape.layers(); i++) {
      layers.add(layer(tensors, names, i));
    }
  }

  /**
   * Reads a model.
   *
   * @throws TributaryException {@code STORAGE} if the file holds no model of this architecture
   */
  public static LlamaModel of(WeightFile file) {
    return of(file, ModelKernel.best());
  }

  static LlamaModel of(WeightFile file, ModelKernel kernel) {
    LlamaNames names =
        LlamaNames.of(file)
            .orElseThrow(
                () ->
                    new TributaryException(
                        ErrorCode.STORAGE,
                        "model: expected tensors named like e.weight and b.0.q.weight, like"
                            + " tok_embeddings.weight and layers.0.attention.wq.weight, or like"
                            + " token_embd.weight and blk.0.attn_q.weight, found "
                            + file.tensors().stream().limit(3).map(WeightTensor::name).toList()));
    return new LlamaModel(file, names, kernel);
  }

  private Layer layer(ModelTensors tensors, LlamaNames names, int i) {
    int dim = shape.dim();
    int kv = shape.kvWidth();
    int hidden = shape.hidden();
    String query = names.of(i, LlamaPart.QUERY);
    String key = names.of(i, LlamaPart.KEY);
    String value = names.of(i, LlamaPart.VALUE);
    String attentionOutput = names.of(i, LlamaPart.ATTENTION_OUTPUT);
    String gate = names.of(i, LlamaPart.GATE);
    String up = names.of(i, LlamaPart.UP);
    String down = names.of(i, LlamaPart.DOWN);
    return new Layer(
        tensors.vector(names.of(i, LlamaPart.ATTENTION_NORM), dim),
        tensors.matrix(query, dim, dim),
        tensors.matrix(key, kv, dim),
        tensors.matrix(value, kv, dim),
        tensors.matrix(attentionOutput, dim, dim),
        tensors.vector(names.of(i, LlamaPart.FEED_FORWARD_NORM), dim),
        tensors.matrix(gate, hidden, dim),
        tensors.matrix(up, hidden, dim),
        tensors.matrix(down, dim, hidden),
        List.of(query, key, value),
        List.of(attentionOutput),
        List.of(gate, up),
        List.of(down));
  }

  @Override
  public int vocabulary() {
    return shape.vocabulary();
  }

  @Override
  public int context() {
    return shape.context();
  }

  @Override
  public void run(int[] tokens, InputObserver inputs, LogitObserver outputs) {
    if (tokens.length < 1 || tokens.length > shape.context()) {
      throw Errors.invalidSetting(
          "tokens of a sequence", tokens.length, "1 to the model's context " + shape.context());
    }
    int count = tokens.length;
    int dim = shape.dim();
    var state = new float[Math.multiplyExact(count, dim)];
    for (int t = 0; t < count; t++) {
      if (tokens[t] < 0 || tokens[t] >= shape.vocabulary()) {
        throw Errors.invalidSetting(
            "token " + t, tokens[t], "0 to " + (shape.vocabulary() - 1) + ", the vocabulary's");
      }
      embedding.getRow(tokens[t], state, t * dim);
    }
    var normed = new float[count * dim];
    var change = new float[count * dim];
    for (Layer layer : layers) {
      normalize(state, count, layer.attentionNorm(), normed);
      inputs.see(layer.attentionNames(), normed, count, dim);
      attend(layer, normed, count, change);
      inputs.see(layer.attentionOutputName(), change, count, dim);
      kernel.multiply(change, count, layer.attentionOutput(), normed, 0, dim);
      add(normed, state);
      normalize(state, count, layer.feedForwardNorm(), normed);
      inputs.see(layer.gateNames(), normed, count, dim);
      feedForward(layer, normed, count, inputs, change);
      add(change, state);
    }
    normalize(state, count, norm, normed);
    inputs.see(outputName, normed, count, dim);
    if (outputs != LogitObserver.NONE) {
      predict(normed, count, outputs);
    }
  }

  private void normalize(float[] state, int count, float[] weights, float[] target) {
    int dim = shape.dim();
    for (int at = 0; at < count * dim; at += dim) {
      double squares = 0;
      for (int i = 0; i < dim; i++) {
        squares += (double) state[at + i] * state[at + i];
      }
      var factor = (float) (1 / Math.sqrt(squares / dim + shape.epsilon()));
      for (int i = 0; i < dim; i++) {
        target[at + i] = state[at + i] * factor * weights[i];
      }
    }
  }

  private static void add(float[] change, float[] state) {
    for (int i = 0; i < state.length; i++) {
      state[i] += change[i];
    }
  }

  private void attend(Layer layer, float[] normed, int count, float[] target) {
    int dim = shape.dim();
    int kv = shape.kvWidth();
    var queries = new float[count * dim];
    var keys = new float[count * kv];
    var values = new float[count * kv];
    kernel.multiply(normed, count, layer.query(), queries, 0, dim);
    kernel.multiply(normed, count, layer.key(), keys, 0, kv);
    kernel.multiply(normed, count, layer.value(), values, 0, kv);
    positions.turn(queries, count, dim);
    positions.turn(keys, count, kv);
    attention.attend(queries, keys, values, count, target);
  }

  private void feedForward(
      Layer layer, float[] normed, int count, InputObserver inputs, float[] target) {
    int hidden = shape.hidden();
    var gates = new float[Math.multiplyExact(count, hidden)];
    var ups = new float[count * hidden];
    kernel.multiply(normed, count, layer.gate(), gates, 0, hidden);
    kernel.multiply(normed, count, layer.up(), ups, 0, hidden);
    kernel.gate(gates, ups, gates.length);
    inputs.see(layer.downName(), gates, count, hidden);
    kernel.multiply(gates, count, layer.down(), target, 0, shape.dim());
  }

  private void predict(float[] normed, int count, LogitObserver outputs) {
    int dim = shape.dim();
    int vocabulary = shape.vocabulary();
    var some = new float[Math.min(POSITIONS, count) * dim];
    var logits = new float[Math.multiplyExact(Math.min(POSITIONS, count), vocabulary)];
    for (int first = 0; first < count; first += POSITIONS) {
      int positionsNow = Math.min(POSITIONS, count - first);
      System.arraycopy(normed, first * dim, some, 0, positionsNow * dim);
      kernel.multiply(some, positionsNow, output, logits, 0, vocabulary);
      for (int i = 0; i < positionsNow; i++) {
        outputs.see(first + i, logits, i * vocabulary);
      }
    }
  }
}
