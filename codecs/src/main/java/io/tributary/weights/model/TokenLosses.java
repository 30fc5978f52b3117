package io.tributary.weights.model;

/**
 * Adds up how badly the tokens of a sequence were predicted: for each but the first the negative
 * logarithm, natural, of the probability that the model gave it. Sums are float64. For one thread.
 */
public final class TokenLosses implements LogitObserver {
  private final ModelKernel kernel = ModelKernel.best();
  private final int[] tokens;
  private final float[] shares;
  private double sum;

  /** For one pass of all tokens but the last through a model of such a vocabulary. */
  public TokenLosses(int[] tokens, int vocabulary) {
    this.tokens = tokens.clone();
    shares = new float[vocabulary];
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
    sum += StrictMath.log(total) + top - logits[at + tokens[position + 1]];
  }

  /** The sum over all predicted tokens. */
  public double sum() {
    return sum;
  }

  /** The tokens that are predicted. */
  public int count() {
    return tokens.length - 1;
  }
}
