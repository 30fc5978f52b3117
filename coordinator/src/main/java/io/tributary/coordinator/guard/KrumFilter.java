package io.tributary.coordinator.guard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Krum: takes the contributions whose nearest neighbours are nearest (Blanchard et al. (2017),
 * "Machine learning with adversaries: Byzantine tolerant gradient descent").
 *
 * <p>A contribution's score is the sum of the squared distances to its {@code n - F - 2} nearest
 * neighbours, one at least. Those with the lowest scores are taken, of equal ones the first.
 *
 * @param bad the number of bad contributions that there may be, F
 * @param taken how many are taken; with one it is Krum, with more Multi-Krum
 */
record KrumFilter(int bad, int taken) implements ContributionFilter {
  @Override
  public List<Guard.Exclusion> exclude(Products products) {
    int size = products.size();
    var scores = new double[size];
    Arrays.setAll(scores, i -> score(products, i));
    List<Integer> byScore =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(i -> scores[i]).thenComparing(i -> i))
            .toList();
    double worst = scores[byScore.get(Math.min(taken, size) - 1)];
    var exclusions = new ArrayList<Guard.Exclusion>();
    for (int i : byScore.subList(Math.min(taken, size), size)) {
      exclusions.add(
          new Guard.Exclusion(
              i,
              String.format(
                  Locale.ROOT,
                  "Krum with F = %d takes %d: expected a score of at most %.4g, found %.4g",
                  bad,
                  taken,
                  worst,
                  scores[i])));
    }
    exclusions.sort(Comparator.comparingInt(Guard.Exclusion::index));
    return exclusions;
  }

  private double score(Products products, int i) {
    double[] distances =
        IntStream.range(0, products.size())
            .filter(j -> j != i)
            .mapToDouble(j -> products.distance(i, j))
            .sorted()
            .toArray();
    int neighbours = Math.max(1, products.size() - bad - 2);
    double sum = 0;
    for (int j = 0; j < Math.min(neighbours, distances.length); j++) {
      sum += distances[j];
    }
    return sum;
  }
}
