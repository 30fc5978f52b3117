package io.tributary.agent.trainer;

import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import java.util.ArrayList;
import java.util.List;

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

  private final EncoderTensors tensors;
  private final int heads;
  private final List<String> maps = new ArrayList<>();

  private BertWeightFile(WeightFile file, int heads) {
    tensors = new EncoderTensors(file);
    this.heads = heads;
    for (WeightTensor tensor : file.tensors()) {
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
    int width = tensors.extent(wordTable, 1);
    if (maps.isEmpty() || maps.size() % MAPS_A_LAYER != 0) {
      throw EncoderTensors.broken(
          "linear weights " + UNNAMED + "...", MAPS_A_LAYER + " a layer", "" + maps.size());
    }
    var shape =
        new EncoderShape(
            maps.size() / MAPS_A_LAYER,
            heads,
            width,
            tensors.extent(maps.get(UP), 1),
            tensors.extent(wordTable, 0),
            tensors.extent(positionTable, 0));
    var layers = new ArrayList<EncoderWeights.Layer>();
    for (int l = 0; l < shape.layers(); l++) {
      layers.add(layer(l, shape));
    }
    return new EncoderWeights(
        shape,
        tensors.values(wordTable, shape.vocabulary(), width),
        tensors.positions(positionTable, "embeddings.token_type_embeddings.weight", width),
        tensors.values("embeddings.LayerNorm.weight", width),
        tensors.values("embeddings.LayerNorm.bias", width),
        layers);
  }

  private EncoderWeights.Layer layer(int index, EncoderShape shape) {
    int width = shape.width();
    int inner = shape.inner();
    String layer = "encoder.layer." + index + ".";
    String attention = layer + "attention.";
    return new EncoderWeights.Layer(
        EncoderTensors.joined(
            turned(index, QUERY, width, width),
            turned(index, KEY, width, width),
            turned(index, VALUE, width, width)),
        EncoderTensors.joined(
            tensors.values(attention + "self.query.bias", width),
            tensors.values(attention + "self.key.bias", width),
            tensors.values(attention + "self.value.bias", width)),
        turned(index, OUT, width, width),
        tensors.values(attention + "output.dense.bias", width),
        tensors.values(attention + "output.LayerNorm.weight", width),
        tensors.values(attention + "output.LayerNorm.bias", width),
        turned(index, UP, width, inner),
        tensors.values(layer + "intermediate.dense.bias", inner),
        turned(index, DOWN, inner, width),
        tensors.values(layer + "output.dense.bias", width),
        tensors.values(layer + "output.LayerNorm.weight", width),
        tensors.values(layer + "output.LayerNorm.bias", width));
  }

  /** A linear map as [out, in]. */
  private float[] turned(int layer, int map, int in, int out) {
    float[] values = tensors.values(maps.get(layer * MAPS_A_LAYER + map), in, out);
    var turned = new float[values.length];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        turned[o * in + i] = values[i * out + o];
      }
    }
    return turned;
  }
}
