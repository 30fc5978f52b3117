package io.tributary.weights.judge;

import io.tributary.weights.RowWorkers;
import io.tributary.weights.model.CausalModel;
import io.tributary.weights.model.InputObserver;
import io.tributary.weights.model.TokenLosses;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;

/**
 * How well a model predicted a text.
 *
 * @param nll the mean negative log-likelihood of a predicted token, in nats
 * @param perplexity its exponential
 * @param tokens the predicted tokens
 * @param windows the windows that they lie in
 */
public record Perplexity(double nll, double perplexity, long tokens, int windows) {
  /**
   * Passes all windows through a model. The figures don't depend on the number of threads.
   *
   * @param windows sequences of tokens, two at least; all but the first are predicted
   * @param progress hears after each window how many are done
   */
  public static Perplexity of(
      CausalModel model, List<int[]> windows, RowWorkers workers, IntConsumer progress) {
    var passes =
        windows.stream().<Callable<TokenLosses>>map(window -> () -> losses(model, window)).toList();
    var sum = new double[1];
    var counts = new long[1];
    var done = new int[1];
    workers.inOrder(
        passes,
        losses -> {
          sum[0] += losses.sum();
          counts[0] += losses.count();
          progress.accept(++done[0]);
        });
    double nll = sum[0] / counts[0];
    return new Perplexity(nll, StrictMath.exp(nll), counts[0], done[0]);
  }

  private static TokenLosses losses(CausalModel model, int[] window) {
    var losses = new TokenLosses(window, model.vocabulary());
    model.run(Arrays.copyOf(window, window.length - 1), InputObserver.NONE, losses);
    return losses;
  }
}
