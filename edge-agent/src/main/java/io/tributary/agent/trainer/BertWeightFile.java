package io.tributary.agent.trainer;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An encoder of BERT's kind in a file of weights as PyTorch exports it to ONNX: biases, norms and
 * embeddings have names; linear weights have lost theirs, lie [in, out], and come in the order in
 * which the graph uses them: queries, keys, values, output, up, down of each layer.
 */
public final class BertWeightFile {
  private static final String UNNAMED = "onnx::MatMul_";
  private static final int MAPS_A_LAYER = 6;
  private static final int QUERY = 0;
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int OUT = 3;
  private static final int UP = 4;
  private static final int DOWN = 5;

  private final WeightFile file;
  private final int heads;
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();
  private final List<String> maps = new ArrayList<>();

  private BertWeightFile(WeightFile file, int heads) {
    this.file = file;
    this.heads = heads;
    for (WeightTensor tensor : file.tensors()) {
      tensors.put(tensor.name(), tensor);
      if (tensor.name().startsWith(UNNAMED)) {
        maps.add(tensor.name());
      }
    }
  }

  /**
   * Reads all weights of an encoder.
   *
   * @param heads of attention, which weights don't tell
   * @throws TributaryException {@code STORAGE} if a tensor is missing or has another shape
   */
  public static EncoderWeights read(WeightFile file, int heads) {
    return new BertWeightFile(file, heads).read();
  }

  private EncoderWeights read() {
    String wordTable = "embeddings.word_embeddings.weight";
    String positionTable = "embeddings.position_embeddings.weight";
    int width = (int) extent(wordTable, 1);
    if (maps.isEmpty() || maps.size() % MAPS_A_LAYER != 0) {
      throw broken(
          "linear weights " + UNNAMED + "...", MAPS_A_LAYER + " a layer", "" + maps.size());
    }
    var shape =
        new EncoderShape(
            maps.size() / MAPS_A_LAYER,
            heads,
            width,
            (int) extent(maps.get(UP), 1),
            (int) extent(wordTable, 0),
            (int) extent(positionTable, 0));
    float[] positions = values(positionTable, shape.positions(), width);
    // All tokens are of the first of two kinds, which is as good as part of the position.
    float[] kinds = values("embeddings.token_type_embeddings.weight", 2, width);
    for (int i = 0; i < positions.length; i++) {
      positions[i] += kinds[i % width];
    }
    var layers = new ArrayList<EncoderWeights.Layer>();
    for (int l = 0; l < shape.layers(); l++) {
      layers.add(layer(l, shape));
    }
    return new EncoderWeights(
        shape,
        values(wordTable, shape.vocabulary(), width),
        positions,
        values("embeddings.LayerNorm.weight", width),
        values("embeddings.LayerNorm.bias", width),
        layers);
  }

  private EncoderWeights.Layer layer(int index, EncoderShape shape) {
    int width = shape.width();
    int inner = shape.inner();
    String layer = "encoder.layer." + index + ".";
    String attention = layer + "attention.";
    return new EncoderWeights.Layer(
        joined(
            turned(index, QUERY, width, width),
            turned(index, KEY, width, width),
            turned(index, VALUE, width, width)),
        joined(
            values(attention + "self.query.bias", width),
            values(attention + "self.key.bias", width),
            values(attention + "self.value.bias", width)),
        turned(index, OUT, width, width),
        values(attention + "output.dense.bias", width),
        values(attention + "output.LayerNorm.weight", width),
        values(attention + "output.LayerNorm.bias", width),
        turned(index, UP, width, inner),
        values(layer + "intermediate.dense.bias", inner),
        turned(index, DOWN, inner, width),
        values(layer + "output.dense.bias", width),
        values(layer + "output.LayerNorm.weight", width),
        values(layer + "output.LayerNorm.bias", width));
  }

  /** A linear map as [out, in]. */
  private float[] turned(int layer, int map, int in, int out) {
    float[] values = values(maps.get(layer * MAPS_A_LAYER + map), in, out);
    var turned = new float[values.length];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        turned[o * in + i] = values[i * out + o];
      }
    }
    return turned;
  }

  private static float[] joined(float[]... parts) {
    int length = 0;
    for (float[] part : parts) {
      length += part.length;
    }
    var all = new float[length];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private long extent(String name, int index) {
    WeightTensor tensor = require(name);
    if (tensor.shape().size() != 2 || tensor.shape().get(index) > Integer.MAX_VALUE) {
      throw broken(name, "a matrix", "shape " + tensor.shape());
    }
    return tensor.shape().get(index);
  }

  private float[] values(String name, int... shape) {
    WeightTensor tensor = require(name);
    var expected = new ArrayList<Long>();
    int elements = 1;
    for (int extent : shape) {
      expected.add((long) extent);
      elements = Math.multiplyExact(elements, extent);
    }
    if (!tensor.shape().equals(expected)) {
      throw broken(name, "shape " + expected, "shape " + tensor.shape());
    }
    RowMatrix rows = file.rows(name);
    var values = new float[elements];
    rows.read(0, Math.toIntExact(rows.rows()), values, 0);
    return values;
  }

  private WeightTensor require(String name) {
    WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw broken("an encoder of BERT's kind", "a tensor " + name, "none of that name");
    }
    return tensor;
  }

  private static TributaryException broken(String what, String expected, String found) {
    return new TributaryException(
        ErrorCode.STORAGE, what + ": expected " + expected + ", found " + found);
  }
}
