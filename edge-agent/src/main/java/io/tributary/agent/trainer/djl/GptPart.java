package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.tensor.ModelSchema;

/** What all parts of a cut GPT have in common: the graph, and windows of one length. */
abstract class GptPart extends TrainedPart {
  final SplitTrainingPlan plan;
  final GptGraph graph;

  GptPart(Engine engine, SplitTrainingPlan plan, ModelSchema schema, long seed) {
    super(engine, schema, plan.whole().rate(), plan.whole().optimizer(), seed);
    this.plan = plan;
    graph = new GptGraph(plan.whole().shape());
  }

  /** All tokens but the last, or but the first, of each window. */
  final NDArray tokens(NDManager scope, long[] windows, int count, String which) {
    int length = plan.whole().shape().context() + 1;
    if (windows.length != count * length) {
      throw new IllegalArgumentException(
          windows.length + " tokens of " + count + " windows of " + length);
    }
    return scope.create(windows, new Shape(count, length)).get(which);
  }

  /** The values that cross the cut in so many windows. */
  final int values(int count) {
    return count * plan.whole().shape().context() * plan.width();
  }

  final Shape shape(int count) {
    return new Shape(count, plan.whole().shape().context(), plan.width());
  }
}
