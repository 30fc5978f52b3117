package io.tributary.weights.model;

import java.util.Arrays;

/**
 * Attention of each position to others, head by head, where heads of queries may share heads of
 * keys and values. Thread-safe.
 */
final class HeadAttention {
  private final int heads;
  private final int kvHeads;
  private final int width;
  private final boolean causal;
  private final ModelKernel kernel;

  /**
   * Attention.
   *
   * @param kvHeads a divisor of {@code heads}
   * @param width of a head
   * @param causal whether a position sees only itself and those before it
   */
  HeadAttention(int heads, int kvHeads, int width, boolean causal, ModelKernel kernel) {
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.width = width;
    this.causal = causal;
    this.kernel = kernel;
  }

  /** Computes all heads of {@code count} positions into {@code target}, as wide as the queries. */
  void attend(float[] queries, float[] keys, float[] values, int count, float[] target) {
    int kv = kvHeads * width;
    int sharing = heads / kvHeads;
    PanelMatrix headKeys = PanelMatrix.ofZeros(count, width);
    PanelMatrix headValues = PanelMatrix.ofZeros(width, count);
    var some = new float[count * width];
    var scores = new float[Math.multiplyExact(count, count)];
    for (int group = 0; group < kvHeads; group++) {
      for (int t = 0; t < count; t++) {
        headKeys.setRow(t, keys, t * kv + group * width);
        headValues.setColumn(t, values, t * kv + group * width);
      }
      for (int head = group * sharing; head < (group + 1) * sharing; head++) {
        takeScaled(queries, head * width, count, some);
        kernel.multiply(some, count, headKeys, scores, 0, count);
        for (int t = 0; t < count; t++) {
          distribute(scores, t * count, causal ? t + 1 : count, count);
        }
        kernel.multiply(scores, count, headValues, target, head * width, heads * width);
      }
    }
  }

  private void takeScaled(float[] queries, int from, int count, float[] target) {
    var scale = (float) (1 / Math.sqrt(width));
    for (int t = 0; t < count; t++) {
      for (int i = 0; i < width; i++) {
        target[t * width + i] = queries[t * heads * width + from + i] * scale;
      }
    }
  }

  /** Turns the first {@code seen} scores of a row into shares of 1, the others into zeros. */
  private void distribute(float[] scores, int at, int seen, int count) {
    float top = scores[at];
    for (int i = 1; i < seen; i++) {
      top = Math.max(top, scores[at + i]);
    }
    kernel.exponential(scores, at, seen, top);
    double sum = 0;
    for (int i = 0; i < seen; i++) {
      sum += scores[at + i];
    }
    var factor = (float) (1 / sum);
    for (int i = 0; i < seen; i++) {
      scores[at + i] *= factor;
    }
    Arrays.fill(scores, at + seen, at + count, 0);
  }
}
