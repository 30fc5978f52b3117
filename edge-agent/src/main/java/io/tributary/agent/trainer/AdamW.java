package io.tributary.agent.trainer;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.store.FloatArrays;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization",
 * algorithm 2) over flat parameters, with its moments in the open, so that they save and restore
 * exactly.
 *
 * <p>One update of step {@code t}, rate {@code r}:
 *
 * <pre>
 *   g = gradient · min(1, clip / ‖gradient‖)         norm over all tensors, in double
 *   m = β1·m + (1 − β1)·g
 *   v = β2·v + (1 − β2)·g²
 *   p = p − r·(m / (1 − β1^t)) / (√(v / (1 − β2^t)) + ε) − r·decay·p
 * </pre>
 *
 * Matrices and embeddings decay; gains, offsets and biases don't. The arithmetic is float32 in
 * plain Java, so it gives the same bits on every machine.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class AdamW {
  /**
   * What an optimizer is told once.
   *
   * @param beta1 decay of the mean of gradients, in [0, 1)
   * @param beta2 decay of the mean of squared gradients, in [0, 1)
   * @param epsilon added to the denominator, above 0
   * @param weightDecay share of a weight taken away each step at rate 1, 0 or more
   * @param clipNorm the largest norm of a whole gradient; longer ones are scaled down to it; 0 for
   *     no limit
   */
  public record Options(
      float beta1, float beta2, float epsilon, float weightDecay, float clipNorm) {
    /** Checks every component. */
    public Options {
      if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
        throw Errors.invalidSetting("betas of AdamW", beta1 + ", " + beta2, "numbers in [0, 1)");
      }
      if (!(epsilon > 0) || !(weightDecay >= 0) || !(clipNorm >= 0)) {
        throw Errors.invalidSetting(
            "epsilon, weight decay, clip norm of AdamW",
            epsilon + ", " + weightDecay + ", " + clipNorm,
            "epsilon above 0, the others 0 or more");
      }
    }

    /** What small language models are commonly trained with. */
    public static Options defaults() {
      return new Options(0.9f, 0.95f, 1e-8f, 0.1f, 1.0f);
    }
  }

  private final FlatLayout layout;
  private final Options options;
  private float[] mean;
  private float[] square;
  private long steps;

  /** An optimizer with zero moments. */
  public AdamW(FlatLayout layout, Options options) {
    this.layout = layout;
    this.options = options;
    this.mean = new float[layout.length()];
    this.square = new float[layout.length()];
  }

  /** The number of updates done. */
  public long steps() {
    return steps;
  }

  /**
   * Does one update of {@code parameters} in place; {@code gradients} is left as it is.
   *
   * @throws IllegalArgumentException if an array's length differs from the layout's
   * @throws TributaryException {@code NON_FINITE} if the gradient holds NaN or infinity; nothing is
   *     changed then
   */
  public void update(float[] parameters, float[] gradients, double rate) {
    if (parameters.length != layout.length() || gradients.length != layout.length()) {
      throw new IllegalArgumentException(
          parameters.length
              + " parameters, "
              + gradients.length
              + " gradients, expected "
              + layout.length());
    }
    double norm = Math.sqrt(sumOfSquares(gradients));
    if (!Double.isFinite(norm)) {
      throw new TributaryException(
          ErrorCode.NON_FINITE,
          "gradient of update "
              + (steps + 1)
              + ": expected finite values, found norm "
              + norm
              + "; lower the learning rate");
    }
    steps++;
    float clip =
        options.clipNorm > 0 && norm > options.clipNorm ? (float) (options.clipNorm / norm) : 1f;
    double bias1 = 1 - StrictMath.pow(options.beta1, (double) steps);
    double bias2 = 1 - StrictMath.pow(options.beta2, (double) steps);
    float stepSize = (float) (rate / bias1);
    float rootBias2 = (float) Math.sqrt(bias2);
    List<TensorSpec> tensors = layout.schema().tensors();
    for (int t = 0; t < tensors.size(); t++) {
      TensorRole role = tensors.get(t).role();
      boolean decays = role == TensorRole.MATRIX || role == TensorRole.EMBEDDING;
      float keep = decays ? (float) (1 - rate * options.weightDecay) : 1f;
      int from = layout.offset(t);
      updateRange(
          parameters, gradients, from, from + layout.elements(t), clip, keep, stepSize, rootBias2);
    }
  }

  // Everything is a local variable and every index is the same i: so the compiler vectorizes it.
  private void updateRange(
      float[] parameters,
      float[] gradients,
      int from,
      int to,
      float clip,
      float keep,
      float stepSize,
      float rootBias2) {
    float[] m = mean;
    float[] v = square;
    float beta1 = options.beta1;
    float beta2 = options.beta2;
    float rest1 = 1 - beta1;
    float rest2 = 1 - beta2;
    float scaledStep = stepSize * rootBias2;
    float scaledEpsilon = options.epsilon * rootBias2;
    for (int i = from; i < to; i++) {
      float g = gradients[i] * clip;
      float mi = beta1 * m[i] + rest1 * g;
      float vi = beta2 * v[i] + rest2 * (g * g);
      m[i] = mi;
      v[i] = vi;
      parameters[i] =
          keep * parameters[i] - scaledStep * mi / ((float) Math.sqrt(vi) + scaledEpsilon);
    }
  }

  // Four sums, so that an addition needn't wait for the one before; the order is fixed all the
  // same.
  private static double sumOfSquares(float[] x) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < x.length; i += 4) {
      a += (double) x[i] * x[i];
      b += (double) x[i + 1] * x[i + 1];
      c += (double) x[i + 2] * x[i + 2];
      d += (double) x[i + 3] * x[i + 3];
    }
    for (; i < x.length; i++) {
      a += (double) x[i] * x[i];
    }
    return (a + b) + (c + d);
  }

  /** Writes the counter and both moments. */
  public void save(DataOutput out) throws IOException {
    out.writeLong(steps);
    FloatArrays.write(out, mean);
    FloatArrays.write(out, square);
  }

  /** Replaces the counter and both moments; on an error nothing is changed. */
  public void restore(DataInput in) throws IOException {
    long newSteps = in.readLong();
    float[] newMean = new float[mean.length];
    float[] newSquare = new float[square.length];
    FloatArrays.read(in, newMean);
    FloatArrays.read(in, newSquare);
    steps = newSteps;
    mean = newMean;
    square = newSquare;
  }
}
