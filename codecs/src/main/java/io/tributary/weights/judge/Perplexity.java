package io.tributary.weights.judge;

import io.tributary.weights.RowWorkers;
import io.tributary.weights.model.InputObserver;
import io.tributary.weights.model.LanguageModel;
import io.tributary.weights.model.TokenLosses;
import io.tributary.weights.model.TokenWindow;
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
   * @param windows of which one at least has a token to predict
   * @param progress hears after each window how many are done
   */
  public static Perplexity of(
      LanguageModel model, List<TokenWindow> windows, RowWorkers workers, IntConsumer progress) {
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

  private static TokenLosses losses(LanguageModel model, TokenWindow window) {
    var losses = new TokenLosses(window, model.vocabulary());
    model.run(window.tokens(), InputObserver.NONE, losses);
    return losses;
  }
}
