package io.tributary.agent.trainer;

import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import java.util.ArrayList;

/**
 * An encoder of BERT's kind under the names of TensorFlow's checkpoints, linear maps as [out, in].
 * A head is 64 wide, as in all models that were published; weights don't tell.
 */
public final class BertBundle {
  private static final String WORDS = "bert/embeddings/word_embeddings";
  private static final int HEAD_WIDTH = 64;

  private final EncoderTensors tensors;
  private final String bert;

  private BertBundle(EncoderTensors tensors, String bert) {
    this.tensors = tensors;
    this.bert = bert;
  }

  /**
   * Reads all weights of an encoder.
   *
   * @throws TributaryException {@code STORAGE} if a tensor is missing or has another shape
   */
  public static EncoderWeights read(WeightFile file) {
    String words =
        file.tensors().stream()
            .map(WeightTensor::name)
            .filter(name -> name.endsWith(WORDS))
            .findFirst()
            .orElse(WORDS);
    String bert = words.substring(0, words.length() - "embeddings/word_embeddings".length());
    return new BertBundle(new EncoderTensors(file), bert).read();
  }

  private EncoderWeights read() {
    String words = bert + "embeddings/word_embeddings";
    String positions = bert + "embeddings/position_embeddings";
    int width = tensors.extent(words, 1);
    if (width < HEAD_WIDTH || width % HEAD_WIDTH != 0) {
      throw EncoderTensors.broken(words, "a width of a multiple of " + HEAD_WIDTH, "" + width);
    }
    int layers = 0;
    while (tensors.has(layer(layers) + "output/dense/kernel")) {
      layers++;
    }
    var shape =
        new EncoderShape(
            layers,
            width / HEAD_WIDTH,
            width,
            tensors.extent(layer(0) + "intermediate/dense/kernel", 0),
            tensors.extent(words, 0),
            tensors.extent(positions, 0));
    var read = new ArrayList<EncoderWeights.Layer>();
    for (int i = 0; i < layers; i++) {
      read.add(layer(layer(i), width, shape.inner()));
    }
    return new EncoderWeights(
        shape,
        tensors.values(words, shape.vocabulary(), width),
        tensors.positions(positions, bert + "embeddings/token_type_embeddings", width),
        tensors.values(bert + "embeddings/LayerNorm/gamma", width),
        tensors.values(bert + "embeddings/LayerNorm/beta", width),
        read);
  }

  private String layer(int index) {
    return bert + "encoder/layer_" + index + "/";
  }

  private EncoderWeights.Layer layer(String layer, int width, int inner) {
    String self = layer + "attention/self/";
    String attention = layer + "attention/output/";
    return new EncoderWeights.Layer(
        EncoderTensors.joined(
            tensors.values(self + "query/kernel", width, width),
            tensors.values(self + "key/kernel", width, width),
            tensors.values(self + "value/kernel", width, width)),
        EncoderTensors.joined(
            tensors.values(self + "query/bias", width),
            tensors.values(self + "key/bias", width),
            tensors.values(self + "value/bias", width)),
        tensors.values(attention + "dense/kernel", width, width),
        tensors.values(attention + "dense/bias", width),
        tensors.values(attention + "LayerNorm/gamma", width),
        tensors.values(attention + "LayerNorm/beta", width),
        tensors.values(layer + "intermediate/dense/kernel", inner, width),
        tensors.values(layer + "intermediate/dense/bias", inner),
        tensors.values(layer + "output/dense/kernel", width, inner),
        tensors.values(layer + "output/dense/bias", width),
        tensors.values(layer + "output/LayerNorm/gamma", width),
        tensors.values(layer + "output/LayerNorm/beta", width));
  }
}
