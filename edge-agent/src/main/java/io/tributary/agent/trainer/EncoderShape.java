package io.tributary.agent.trainer;

import io.tributary.error.Errors;

/**
 * The shape of an encoder of BERT's kind: learned positions, layer norm behind attention and
 * feed-forward, GELU, biases in all linear maps.
 *
 * @param layers blocks of attention and feed-forward
 * @param heads attention heads a block; divides the width
 * @param width length of the residual vector
 * @param inner width inside the feed-forward
 * @param vocabulary different tokens
 * @param positions the most tokens of a sentence
 */
public record EncoderShape(
    int layers, int heads, int width, int inner, int vocabulary, int positions) {
  /** Checks every component. */
  public EncoderShape {
    check("layers", layers, 256);
    check("heads", heads, 256);
    check("width", width, 16_384);
    check("inner width", inner, 65_536);
    check("vocabulary", vocabulary, 1 << 20);
    check("positions", positions, 65_536);
    if (width % heads != 0) {
      throw Errors.invalidSetting(
          "width of the encoder", width, "a multiple of the " + heads + " heads");
    }
  }

  private static void check(String what, int found, int most) {
    if (found < 1 || found > most) {
      throw Errors.invalidSetting(what + " of the encoder", found, "a number from 1 to " + most);
    }
  }
}
