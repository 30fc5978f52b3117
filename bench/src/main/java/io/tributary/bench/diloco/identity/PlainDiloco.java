package io.tributary.bench.diloco.identity;

import io.tributary.agent.trainer.Trainer;
import io.tributary.run.OuterParameters;
import io.tributary.tensor.ModelSchema;
import java.util.List;

/**
 * DiLoCo as its definition reads (Douillard et al., arXiv 2311.08105, algorithm 1), without a
 * socket, a codec, a fragment or a schedule: what the product's run is compared with. The last
 * outer step is the plain mean, as in every run of the product.
 */
final class PlainDiloco {
  private final List<? extends Trainer> replicas;
  private final ModelSchema schema;
  private final float rate;
  private final float momentum;
  private final float[][] theta;
  private final float[][] velocity;

  /** Replicas that all begin with the initial values of {@code seed}. */
  PlainDiloco(List<? extends Trainer> replicas, long seed, float rate, float momentum) {
    this.replicas = replicas;
    this.rate = rate;
    this.momentum = momentum;
    schema = replicas.get(0).schema();
    int tensors = schema.tensors().size();
    theta = new float[tensors][];
    velocity = new float[tensors][];
    OuterParameters initial = OuterParameters.initial(schema, seed);
    for (int t = 0; t < tensors; t++) {
      theta[t] = initial.tensor(t).clone();
      velocity[t] = new float[theta[t].length];
    }
  }

  /** Trains for a multiple of {@code interval} steps; returns the outer parameters. */
  OuterParameters run(int steps, int interval) {
    for (int step = 1; step <= steps; step++) {
      for (Trainer replica : replicas) {
        replica.step(step);
      }
      if (step % interval == 0) {
        for (int t = 0; t < theta.length; t++) {
          exchange(t, step == steps);
        }
      }
    }
    OuterParameters end = OuterParameters.initial(schema, 0);
    for (int t = 0; t < theta.length; t++) {
      end.set(t, 0, theta[t], theta[t].length);
    }
    return end;
  }

  private void exchange(int tensor, boolean last) {
    float[] outer = theta[tensor];
    var sum = new float[outer.length];
    var local = new float[outer.length];
    for (Trainer replica : replicas) {
      replica.read(tensor, local, 0);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += outer[i] - local[i];
      }
    }
    float share = 1f / replicas.size();
    float[] u = velocity[tensor];
    for (int i = 0; i < sum.length; i++) {
      float delta = sum[i] * share;
      u[i] = momentum * u[i] + delta;
      outer[i] -= last ? delta : rate * (delta + momentum * u[i]);
    }
    for (Trainer replica : replicas) {
      replica.write(tensor, outer, 0);
    }
  }
}
