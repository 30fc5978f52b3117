package io.tributary.weights.model;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * BERT with its head for masked tokens in memory, as float32, under the names that TensorFlow's
 * checkpoints give its tensors, with {@code kernel} as [out, in]. A head is 64 wide, as in all
 * models that were published; weights don't tell.
 */
public final class BertModel implements LanguageModel {
  private static final String WORDS = "bert/embeddings/word_embeddings";
  private static final String HEAD = "cls/predictions/";
  private static final int HEAD_WIDTH = 64;
  private static final int MOST_LAYERS = 256;

  /** Added to the variance in every norm. */
  private static final double EPSILON = 1e-12;

  /** Positions whose logits are there at the same time. */
  private static final int POSITIONS = 32;

  private final ModelKernel kernel;
  private final HeadAttention attention;
  private final int width;
  private final int inner;
  private final PanelMatrix words;
  private final PanelMatrix positions;
  private final float[] kind;
  private final Norm norm;
  private final List<Layer> layers = new ArrayList<>();
  private final Linear transform;
  private final Norm transformNorm;
  private final float[] outputBias;

  /** A linear map with its name. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Linear(String name, PanelMatrix weights, float[] bias) {}

  /** A layer norm. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Norm(float[] gain, float[] offset) {}

  /** A layer's weights. */
  private record Layer(
      Linear query,
      Linear key,
      Linear value,
      Linear out,
      Norm attentionNorm,
      Linear up,
      Linear down,
      Norm norm) {}

  private BertModel(WeightFile file, String prefix, ModelKernel kernel) {
    this.kernel = kernel;
    Map<String, WeightTensor> found =
        file.tensors().stream().collect(Collectors.toMap(WeightTensor::name, Function.identity()));
    var reader = new Reader(new ModelTensors(file), prefix, found);
    int[] vocabulary = reader.extents(WORDS);
    width = vocabulary[1];
    if (width % HEAD_WIDTH != 0) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "model: expected a width of a multiple of " + HEAD_WIDTH + ", found " + width);
    }
    int context = reader.extents("bert/embeddings/position_embeddings")[0];
    inner = reader.extents(layer(0) + "intermediate/dense/kernel")[0];
    int heads = width / HEAD_WIDTH;
    attention = new HeadAttention(heads, heads, HEAD_WIDTH, false, kernel);
    words = reader.matrix(WORDS, vocabulary[0], width);
    positions = reader.matrix("bert/embeddings/position_embeddings", context, width);
    kind = new float[width];
    reader.matrix("bert/embeddings/token_type_embeddings", 2, width).getRow(0, kind, 0);
    norm = reader.norm("bert/embeddings/", width);
    for (int i = 0; found.containsKey(prefix + layer(i) + "output/dense/kernel"); i++) {
      if (i == MOST_LAYERS) {
        throw new TributaryException(
            ErrorCode.STORAGE, "model: expected at most " + MOST_LAYERS + " layers, found more");
      }
      layers.add(reader.layer(layer(i), width, inner));
    }
    transform = reader.linear(HEAD + "transform/dense/", width, width);
    transformNorm = reader.norm(HEAD + "transform/", width);
    outputBias = reader.vector(HEAD + "output_bias", vocabulary[0]);
  }

  private static String layer(int index) {
    return "bert/encoder/layer_" + index + "/";
  }

  /** Whether a file's tensors have the names of such a model. */
  static boolean isIn(WeightFile file) {
    return file.tensors().stream().anyMatch(tensor -> tensor.name().endsWith(WORDS));
  }

  /**
   * Reads a model.
   *
   * @throws TributaryException {@code STORAGE} if the file holds no model of this architecture
   */
  public static BertModel of(WeightFile file) {
    return of(file, ModelKernel.best());
  }

  static BertModel of(WeightFile file, ModelKernel kernel) {
    String words =
        file.tensors().stream()
            .map(WeightTensor::name)
            .filter(name -> name.endsWith(WORDS))
            .findFirst()
            .orElseThrow(
                () ->
                    new TributaryException(
                        ErrorCode.STORAGE, "model: expected a tensor " + WORDS + ", found none"));
    return new BertModel(file, words.substring(0, words.length() - WORDS.length()), kernel);
  }

  /** Takes parts of the model from the file, by their names behind the prefix of all. */
  private record Reader(ModelTensors tensors, String prefix, Map<String, WeightTensor> found) {
    int[] extents(String name) {
      WeightTensor tensor = found.get(prefix + name);
      if (tensor == null || tensor.shape().size() != 2) {
        throw new TributaryException(
            ErrorCode.STORAGE,
            "model: expected a matrix "
                + prefix
                + name
                + ", found "
                + (tensor == null ? "none" : "shape " + tensor.shape()));
      }
      return tensor.shape().stream()
          .mapToInt(extent -> (int) Math.min(extent, Integer.MAX_VALUE))
          .toArray();
    }

    PanelMatrix matrix(String name, int rows, int width) {
      return tensors.matrix(prefix + name, rows, width);
    }

    float[] vector(String name, int width) {
      return tensors.vector(prefix + name, width);
    }

    Linear linear(String name, int out, int in) {
      String kernel = name + "kernel";
      return new Linear(prefix + kernel, matrix(kernel, out, in), vector(name + "bias", out));
    }

    Norm norm(String name, int width) {
      return new Norm(
          vector(name + "LayerNorm/gamma", width), vector(name + "LayerNorm/beta", width));
    }

    Layer layer(String name, int width, int inner) {
      String self = name + "attention/self/";
      return new Layer(
          linear(self + "query/", width, width),
          linear(self + "key/", width, width),
          linear(self + "value/", width, width),
          linear(name + "attention/output/dense/", width, width),
          norm(name + "attention/output/", width),
          linear(name + "intermediate/dense/", inner, width),
          linear(name + "output/dense/", width, inner),
          norm(name + "output/", width));
    }
  }

  @Override
  public int vocabulary() {
    return words.rows();
  }

  @Override
  public int context() {
    return positions.rows();
  }

  @Override
  public boolean isMasked() {
    return true;
  }

  @Override
  public void run(int[] tokens, InputObserver inputs, LogitObserver outputs) {
    float[] state = embed(tokens);
    int count = tokens.length;
    var change = new float[count * width];
    for (Layer layer : layers) {
      inputs.see(List.of(layer.query.name, layer.key.name, layer.value.name), state, count, width);
      float[] attended = attend(layer, state, count);
      inputs.see(List.of(layer.out.name), attended, count, width);
      apply(layer.out, attended, count, change);
      addNormed(change, layer.attentionNorm, count, state);
      inputs.see(List.of(layer.up.name), state, count, width);
      var hidden = new float[Math.multiplyExact(count, inner)];
      apply(layer.up, state, count, hidden);
      kernel.gelu(hidden, hidden.length);
      inputs.see(List.of(layer.down.name), hidden, count, inner);
      apply(layer.down, hidden, count, change);
      addNormed(change, layer.norm, count, state);
    }
    inputs.see(List.of(transform.name), state, count, width);
    predict(state, count, outputs);
  }

  private float[] embed(int... tokens) {
    if (tokens.length < 1 || tokens.length > context()) {
      throw Errors.invalidSetting(
          "tokens of a sequence", tokens.length, "1 to the model's context " + context());
    }
    var state = new float[Math.multiplyExact(tokens.length, width)];
    var row = new float[width];
    for (int t = 0; t < tokens.length; t++) {
      if (tokens[t] < 0 || tokens[t] >= vocabulary()) {
        throw Errors.invalidSetting(
            "token " + t, tokens[t], "0 to " + (vocabulary() - 1) + ", the vocabulary's");
      }
      words.getRow(tokens[t], state, t * width);
      positions.getRow(t, row, 0);
      for (int i = 0; i < width; i++) {
        state[t * width + i] += row[i] + kind[i];
      }
    }
    normalize(state, norm, tokens.length);
    return state;
  }

  private void apply(Linear map, float[] vectors, int count, float[] target) {
    int rows = map.weights.rows();
    kernel.multiply(vectors, count, map.weights, target, 0, rows);
    addToEach(map.bias, target, count);
  }

  private static void addToEach(float[] bias, float[] vectors, int count) {
    for (int at = 0; at < count * bias.length; at += bias.length) {
      for (int i = 0; i < bias.length; i++) {
        vectors[at + i] += bias[i];
      }
    }
  }

  private float[] attend(Layer layer, float[] state, int count) {
    var queries = new float[count * width];
    var keys = new float[count * width];
    var values = new float[count * width];
    apply(layer.query, state, count, queries);
    apply(layer.key, state, count, keys);
    apply(layer.value, state, count, values);
    var attended = new float[count * width];
    attention.attend(queries, keys, values, count, attended);
    return attended;
  }

  private void addNormed(float[] change, Norm by, int count, float[] state) {
    for (int i = 0; i < state.length; i++) {
      state[i] += change[i];
    }
    normalize(state, by, count);
  }

  private void normalize(float[] vectors, Norm by, int count) {
    for (int at = 0; at < count * width; at += width) {
      double sum = 0;
      for (int i = 0; i < width; i++) {
        sum += vectors[at + i];
      }
      double mean = sum / width;
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += (vectors[at + i] - mean) * (vectors[at + i] - mean);
      }
      double factor = 1 / Math.sqrt(squares / width + EPSILON);
      for (int i = 0; i < width; i++) {
        vectors[at + i] = (float) ((vectors[at + i] - mean) * factor) * by.gain[i] + by.offset[i];
      }
    }
  }

  private void predict(float[] state, int count, LogitObserver outputs) {
    int[] wanted = IntStream.range(0, count).filter(outputs::wants).toArray();
    for (int first = 0; first < wanted.length; first += POSITIONS) {
      int[] now = Arrays.copyOfRange(wanted, first, Math.min(wanted.length, first + POSITIONS));
      var some = new float[now.length * width];
      for (int i = 0; i < now.length; i++) {
        System.arraycopy(state, now[i] * width, some, i * width, width);
      }
      var transformed = new float[some.length];
      apply(transform, some, now.length, transformed);
      kernel.gelu(transformed, transformed.length);
      normalize(transformed, transformNorm, now.length);
      var logits = new float[Math.multiplyExact(now.length, vocabulary())];
      kernel.multiply(transformed, now.length, words, logits, 0, vocabulary());
      addToEach(outputBias, logits, now.length);
      for (int i = 0; i < now.length; i++) {
        outputs.see(now[i], logits, i * vocabulary());
      }
    }
  }
}
