package io.tributary.codecs.directions;

import io.tributary.sketch.SketchResult;
import java.util.List;

/** How many directions are worth their bytes, as a sketch sees it. */
final class DirectionChoice {
  /** How much smaller the eigenvalue behind the last direction is, at least. */
  static final double GAP = 1.5;

  /** Bits of a row's part. */
  private static final double PART = 8;

  /** Bits of a value of a direction. */
  private static final double VALUE = 16;

  /** Below this what is left is rounding. */
  private static final double LEAST_SHARE = 1e-6;

  private DirectionChoice() {}

  /**
   * The number of directions that should save most.
   *
   * @param channels values in a row
   * @param rows of a message
   * @param most how many are allowed
   * @return 0 where none is worth it
   */
  static int best(SketchResult seen, int channels, int rows, int most) {
    List<SketchResult.Direction> directions = seen.directions();
    int best = 0;
    double bestSaving = 0;
    double left = seen.energy();
    for (int k = 1; k <= Math.min(most, directions.size()) && rows > 0; k++) {
      double value = directions.get(k - 1).eigenvalue();
      left -= value;
      // Estimates may add up to more than there is; but what is left has the next direction.
      double next = k < directions.size() ? directions.get(k).eigenvalue() : 0;
      double share = Math.max(Math.max(left, next) / seen.energy(), LEAST_SHARE);
      double saving =
          -StrictMath.log(share) / StrictMath.log(2) / 2 - k * PART / channels - k * VALUE / rows;
      boolean gap = k == directions.size() || value >= GAP * next;
      if (gap && saving > bestSaving) {
        best = k;
        bestSaving = saving;
      }
    }
    return best;
  }
}
