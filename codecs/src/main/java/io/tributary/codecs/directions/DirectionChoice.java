package io.tributary.codecs.directions;

import io.tributary.sketch.SketchResult;
import java.util.List;

/** How many directions are worth their bytes, as a sketch sees it. */
final class DirectionChoice {
  /** How much smaller the eigenvalue behind the last direction is, at least. */
  static final double GAP = 1.5;

  /** Bits of a part, and of a value of a direction. */
  private static final double HALF = 16;

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
      // Estimates may add up to more than there is: then all but rounding is in these directions.
      double share = Math.max(left / seen.energy(), 1e-6);
      double saving =
          -StrictMath.log(share) / StrictMath.log(2) / 2 - k * HALF / channels - k * HALF / rows;
      boolean gap = k == directions.size() || value >= GAP * directions.get(k).eigenvalue();
      if (gap && saving > bestSaving) {
        best = k;
        bestSaving = saving;
      }
    }
    return best;
  }
}
