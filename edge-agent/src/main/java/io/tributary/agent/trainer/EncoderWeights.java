package io.tributary.agent.trainer;

import java.util.List;

/**
 * The weights of a pre-trained encoder, which training leaves as they are. Linear maps are [out,
 * in], row by row. Arrays are shared, not copied: nobody may write to them.
 *
 * @param shape what all sizes follow from
 * @param words [vocabulary, width]
 * @param positions [positions, width], what every token gets beside its word
 * @param gain [width], of the norm behind the embeddings
 * @param offset [width]
 * @param layers a set for each layer
 */
@SuppressWarnings(
    "ArrayRecordComponent") // large, shared and read alone: equality is of no interest
public record EncoderWeights(
    EncoderShape shape,
    float[] words,
    float[] positions,
    float[] gain,
    float[] offset,
    List<Layer> layers) {
  /** Added to the variance in every norm. */
  public static final float EPSILON = 1e-12f;

  /**
   * The weights of a layer.
   *
   * @param qkv [3 width, width]: queries, keys, values
   * @param qkvBias [3 width]
   * @param out [width, width], behind attention
   * @param outBias [width]
   * @param attentionGain [width], of the norm behind attention
   * @param attentionOffset [width]
   * @param up [inner, width]
   * @param upBias [inner]
   * @param down [width, inner]
   * @param downBias [width]
   * @param feedGain [width], of the norm behind the feed-forward
   * @param feedOffset [width]
   */
  @SuppressWarnings("ArrayRecordComponent") // as above
  public record Layer(
      float[] qkv,
      float[] qkvBias,
      float[] out,
      float[] outBias,
      float[] attentionGain,
      float[] attentionOffset,
      float[] up,
      float[] upBias,
      float[] down,
      float[] downBias,
      float[] feedGain,
      float[] feedOffset) {}

  /** Copies the list and checks all sizes. */
  public EncoderWeights {
    layers = List.copyOf(layers);
    int width = shape.width();
    check("layers", layers.size(), shape.layers());
    check("words", words.length, shape.vocabulary() * width);
    check("positions", positions.length, shape.positions() * width);
    check("first norm", gain.length + offset.length, 2 * width);
    for (Layer layer : layers) {
      check("queries, keys, values", layer.qkv.length, 3 * width * width);
      check("their biases", layer.qkvBias.length, 3 * width);
      check("attention's output", layer.out.length, width * width);
      check("up", layer.up.length, shape.inner() * width);
      check("its biases", layer.upBias.length, shape.inner());
      check("down", layer.down.length, shape.inner() * width);
      int rest =
          layer.outBias.length
              + layer.attentionGain.length
              + layer.attentionOffset.length
              + layer.downBias.length
              + layer.feedGain.length
              + layer.feedOffset.length;
      check("norms and other biases", rest, 6 * width);
    }
  }

  private static void check(String what, int found, int expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          what + " of an encoder: expected " + expected + ", found " + found);
    }
  }
}
