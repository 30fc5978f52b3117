package io.tributary.weights.model;

import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.ArrayRows;
import io.tributary.tensor.RowMatrix;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A small BERT with random weights under TensorFlow's names, in memory. */
public final class SmallBert implements WeightFile {
  /** Its width: two heads. */
  public static final int WIDTH = 128;

  /** The width of its feed-forward layers. */
  public static final int INNER = 40;

  /** Its layers. */
  public static final int LAYERS = 2;

  /** Its tokens. */
  public static final int VOCABULARY = 30;

  /** Its positions. */
  public static final int CONTEXT = 9;

  private final Map<String, float[]> values = new LinkedHashMap<>();
  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
  private final Random random;

  /** A model; all its tensors' names begin with {@code prefix}. */
  public SmallBert(String prefix, long seed) {
    random = new Random(seed);
    String words = prefix + "bert/embeddings/";
    put(words + "word_embeddings", 1, VOCABULARY, WIDTH);
    put(words + "position_embeddings", 1, CONTEXT, WIDTH);
    put(words + "token_type_embeddings", 1, 2, WIDTH);
    putNorm(words);
    for (int i = 0; i < LAYERS; i++) {
      String layer = prefix + "bert/encoder/layer_" + i + "/";
      for (String map : List.of("self/query", "self/key", "self/value", "output/dense")) {
        putLinear(layer + "attention/" + map + "/", WIDTH, WIDTH);
      }
      putNorm(layer + "attention/output/");
      putLinear(layer + "intermediate/dense/", INNER, WIDTH);
      putLinear(layer + "output/dense/", WIDTH, INNER);
      putNorm(layer + "output/");
    }
    putLinear(prefix + "cls/predictions/transform/dense/", WIDTH, WIDTH);
    putNorm(prefix + "cls/predictions/transform/");
    put(prefix + "cls/predictions/output_bias", 0.2, VOCABULARY);
  }

  private void putLinear(String name, int out, int in) {
    put(name + "kernel", 1.5 / Math.sqrt(in), out, in);
    put(name + "bias", 0.2, out);
  }

  private void putNorm(String name) {
    put(name + "LayerNorm/gamma", 1, WIDTH);
    put(name + "LayerNorm/beta", 0.2, WIDTH);
  }

  private void put(String name, double scale, int... extents) {
    int size = 1;
    for (int extent : extents) {
      size *= extent;
    }
    var array = new float[size];
    for (int i = 0; i < size; i++) {
      array[i] = (float) (random.nextGaussian() * scale);
    }
    values.put(name, array);
    shapes.put(name, Arrays.stream(extents).mapToObj(e -> (long) e).toList());
  }

  /** Replaces a tensor by zeros of another shape. */
  public void replace(String name, int... extents) {
    put(name, 0, extents);
  }

  /** Takes a tensor away. */
  public void remove(String name) {
    values.remove(name);
    shapes.remove(name);
  }

  /** A tensor's values. */
  public float[] values(String name) {
    return Objects.requireNonNull(values.get(name), name).clone();
  }

  @Override
  public List<WeightTensor> tensors() {
    return shapes.entrySet().stream()
        .map(
            tensor ->
                new WeightTensor(
                    tensor.getKey(),
                    "float32",
                    tensor.getValue(),
                    4L * values(tensor.getKey()).length))
        .toList();
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public RowMatrix rows(String name) {
    List<Long> shape = Objects.requireNonNull(shapes.get(name), name);
    return new ArrayRows(values(name), shape.get(shape.size() - 1).intValue());
  }

  @Override
  public void close() {}
}
