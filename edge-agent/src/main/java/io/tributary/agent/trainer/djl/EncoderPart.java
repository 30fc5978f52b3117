package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tributary.agent.trainer.EncoderShape;
import io.tributary.agent.trainer.SentenceWindows;
import io.tributary.agent.trainer.SplitEncoderPlan;
import io.tributary.error.Errors;
import io.tributary.tensor.ModelSchema;
import java.util.Arrays;

/**
 * What both parts of a cut encoder have in common. Rows across the cut have room for the longest
 * window; the engine computes as many as the batch's longest sentence has.
 */
abstract class EncoderPart extends TrainedPart {
  final EncoderGraph graph;
  private final EncoderShape shape;

  EncoderPart(
      Engine engine, SplitEncoderPlan plan, ModelSchema schema, long seed, int from, int to) {
    super(engine, schema, plan.rate(), plan.optimizer(), seed);
    shape = plan.weights().shape();
    graph = new EncoderGraph(manager, plan.weights(), from, to);
  }

  final int width() {
    return shape.width();
  }

  /** Windows of tokens that the encoder knows. */
  final SentenceWindows sentences(long[] windows, int count) {
    var sentences = new SentenceWindows(windows, count);
    if (sentences.longest() > shape.positions()) {
      throw Errors.invalidSetting(
          "tokens of a sentence", sentences.longest(), "at most " + shape.positions());
    }
    for (int s = 0; s < count; s++) {
      for (int i = 0; i < sentences.tokens(s); i++) {
        int token = sentences.token(s, i);
        if (token < 0 || token >= shape.vocabulary()) {
          throw Errors.invalidSetting("token", token, "0 to " + (shape.vocabulary() - 1));
        }
      }
    }
    return sentences;
  }

  /** Rows of windows as an array [sentences, longest, width]. */
  final NDArray toEngine(
      NDManager scope, SentenceWindows sentences, float[] rows, boolean withGradient) {
    int width = shape.width();
    int longest = sentences.longest();
    var close = new float[sentences.count() * longest * width];
    for (int s = 0; s < sentences.count(); s++) {
      System.arraycopy(
          rows,
          s * sentences.length() * width,
          close,
          s * longest * width,
          sentences.tokens(s) * width);
    }
    return EngineTensors.toEngine(
        scope, new Shape(sentences.count(), longest, width), close, 0, close.length, withGradient);
  }

  /** The way back; rows of padding are zero. */
  final void fromEngine(NDArray x, SentenceWindows sentences, float[] rows) {
    int width = shape.width();
    int longest = sentences.longest();
    var close = new float[sentences.count() * longest * width];
    EngineTensors.read(x, close, 0, close.length);
    Arrays.fill(rows, 0, sentences.count() * sentences.length() * width, 0f);
    for (int s = 0; s < sentences.count(); s++) {
      System.arraycopy(
          close,
          s * longest * width,
          rows,
          s * sentences.length() * width,
          sentences.tokens(s) * width);
    }
  }
}
