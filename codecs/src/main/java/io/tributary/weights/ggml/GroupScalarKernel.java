package io.tributary.weights.ggml;

/** The definition: one group after the other. */
final class GroupScalarKernel implements GroupKernel {
  private final ScaleSearch search = new ScaleSearch();

  @Override
  public void affine(
      float[] x,
      int at,
      int count,
      int from,
      int to,
      int most,
      float[] weights,
      Trials trials,
      byte[] codes,
      float[] scales,
      float[] minima) {
    for (int g = from; g < to; g++) {
      scales[g] = search.affine(x, at, count, g * count, most, weights, trials, codes);
      minima[g] = search.minimum();
    }
  }

  @Override
  public void symmetric(
      float[] x,
      int at,
      int count,
      int from,
      int to,
      int most,
      float[] weights,
      byte[] codes,
      float[] scales) {
    for (int g = from; g < to; g++) {
      scales[g] = search.symmetric(x, at, count, g * count, most, weights, codes);
    }
  }

  @Override
  public void descent(
      float[] x,
      int at,
      int count,
      int from,
      int to,
      int most,
      float[] weights,
      byte[] codes,
      float[] scales) {
    for (int g = from; g < to; g++) {
      scales[g] = search.descent(x, at, count, g * count, most, weights, codes);
    }
  }

  @Override
  public void round(
      float[] x,
      int at,
      int count,
      float added,
      float scale,
      int least,
      int most,
      byte[] codes,
      int to) {
    for (int j = 0; j < count; j++) {
      codes[to + j] = (byte) (ScaleSearch.clamp((x[at + j] + added) / scale, least, most) - least);
    }
  }
}
