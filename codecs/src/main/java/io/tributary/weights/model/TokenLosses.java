package io.tributary.weights.model;

/**
 * Adds up how badly the tokens of a window were predicted: for each the negative logarithm,
 * natural, of the probability that the model gave it. Sums are float64. For one thread.
 */
public final class TokenLosses implements LogitObserver {
  private final ModelKernel kernel = ModelKernel.best();
  private final TokenWindow window;
  private final float[] shares;
  private double sum;
  private int count;

  /** For one pass of a window through a model of such a vocabulary. */
  public TokenLosses(TokenWindow window, int vocabulary) {
    this.window = window;
    shares = new float[vocabulary];
  }

  @Override
  public boolean wants(int position) {
    return window.targets()[position] != TokenWindow.NOTHING;
  }

  @Override
  public void see(int position, float[] logits, int at) {
    float top = logits[at];
    for (int i = 1; i < shares.length; i++) {
      top = Math.max(top, logits[at + i]);
    }
    System.arraycopy(logits, at, shares, 0, shares.length);
    kernel.exponential(shares, 0, shares.length, top);
    double total = 0;
    for (float share : shares) {
      total += share;
    }
    sum += StrictMath.log(total) + top - logits[at + window.targets()[position]];
    count++;
  }

  /** The sum over all predicted tokens. */
  public double sum() {
    return sum;
  }

  /** The tokens that were predicted. */
  public int count() {
    return count;
  }
}
