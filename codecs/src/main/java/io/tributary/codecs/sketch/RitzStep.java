package io.tributary.codecs.sketch;

/**
 * Rayleigh and Ritz's step at the end of a block: the best vectors of a small space, and one power
 * step from them.
 *
 * <p>Let {@code Z} be orthonormal, {@code Y = BZ} its product with the light rows' Gram matrix of
 * this block, {@code s} what the block must be multiplied with to stand for all light rows, and
 * {@code H} the heavy rows. The space is spanned by {@code Z} and the top right singular vectors
 * {@code U} of {@code H}. In an orthonormal basis {@code W = [Z, V]} of it, the matrix is {@code
 * (HW)ᵀ(HW) + s ZᵀY}, the latter in the rows and columns of {@code Z} alone. Its top eigenvectors
 * {@code E} give the Ritz vectors {@code X = WE} and the power step {@code G = s Y E_Z + Hᵀ(HX)},
 * the heavy rows' part of which is exact.
 *
 * <p>{@code V} is never formed: all that is asked of it follows from {@code HZ} and {@code HHᵀ}, so
 * that beside {@code Z}, {@code Y} and {@code H} there are only small matrices, and both results
 * are sums {@code Z·a + Y·b + Hᵀ·c} with small coefficients.
 */
final class RitzStep {
  /** The squared share of a heavy direction outside of {@code Z}, below which it is rounding. */
  private static final double INSIDE = 1e-10;

  /** Squared singular values of {@code H} below this share of the first are rounding. */
  private static final double ROUNDING = 1e-12;

  private final int columns;
  private final int heavyDirections;
  private final int slots;
  private final int order;
  private final double[] heavyZ;
  private final double[] gram;
  private final double[] heavyValues;
  private final double[] heavyVectors;
  private final double[] zu;
  private final double[] residual;
  private final double[] residualValues;
  private final double[] residualVectors;
  private final double[] heavyBasis;
  private final double[] matrix;
  private final double[] values;
  private final double[] vectors;
  private final double[] ofRows;
  private final double[] ofZ;
  private final double[] element;
  private final double[] shares;
  private int heavyCount;
  private int directions;
  private int spanned;
  private int kept;

  RitzStep(RandomOrderSizes sizes, SpaceMeter space) {
    columns = sizes.columns();
    heavyDirections = sizes.heavyDirections();
    slots = sizes.heavyRows();
    order = columns + heavyDirections;
    heavyZ = space.doubles(slots * columns);
    gram = space.doubles(slots * slots);
    heavyValues = space.doubles(slots);
    heavyVectors = space.doubles(slots * slots);
    zu = space.doubles(columns * heavyDirections);
    residual = space.doubles(heavyDirections * heavyDirections);
    residualValues = space.doubles(heavyDirections);
    residualVectors = space.doubles(heavyDirections * heavyDirections);
    heavyBasis = space.doubles(slots * order);
    matrix = space.doubles(order * order);
    values = space.doubles(order);
    vectors = space.doubles(order * order);
    ofRows = space.doubles(slots * columns);
    ofZ = space.doubles(columns * columns);
    element = space.doubles(columns);
    shares = space.doubles(columns);
  }

  /** The bytes of the arrays. */
  static long bytes(RandomOrderSizes sizes) {
    long slots = sizes.heavyRows();
    long columns = sizes.columns();
    long heavy = sizes.heavyDirections();
    long order = columns + heavy;
    return Double.BYTES
        * (2 * slots * columns
            + 2 * slots * slots
            + slots
            + columns * heavy
            + 2 * heavy * heavy
            + heavy
            + slots * order
            + 2 * order * order
            + order
            + columns * columns
            + 2 * columns);
  }

  /**
   * Solves the small problem.
   *
   * @param used vectors of {@code z} and {@code y} that are in use
   * @param scale what the light rows of the block are multiplied with to stand for all
   * @param priorWeight what {@code prior} is multiplied with
   * @param blockWeight what this block's part is multiplied with
   * @param inside the squared share of a heavy direction outside of {@code z}, below which {@code
   *     z} is taken to know it: what little such a direction differs from a vector of {@code z} by
   *     is what the light rows before have turned that vector by, and this block's rows alone would
   *     undo it
   * @param outside what light rows may be thought to have along a direction outside of {@code z};
   *     no more than the heavy rows have there is
   * @param prior what the blocks before say of {@code zᵀBz} for each vector of {@code z}
   * @return the number of Ritz values
   */
  int solve(
      HeavyRows heavy,
      double[] z,
      double[] y,
      int used,
      int width,
      double scale,
      double priorWeight,
      double blockWeight,
      double inside,
      double outside,
      double[] prior) {
    solveHeavy(heavy);
    heavy.products(z, used, heavyZ);
    residuals(used, width, inside);
    int size = used + kept;
    for (int r = 0; r < heavyCount; r++) {
      for (int i = 0; i < used; i++) {
        heavyBasis[r * size + i] = heavyZ[r * used + i];
      }
      for (int i = 0; i < kept; i++) {
        heavyBasis[r * size + used + i] = outside(r, i, used);
      }
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int r = 0; r < heavyCount; r++) {
          sum = Math.fma(heavyBasis[r * size + i], heavyBasis[r * size + j], sum);
        }
        if (i < used) {
          double one = Basis.dot(z, i * width, y, j * width, width);
          double other = Basis.dot(z, j * width, y, i * width, width);
          sum += blockWeight * scale * 0.5 * (one + other);
          sum += i == j ? priorWeight * prior[i] : 0;
        } else if (i == j) {
          sum += Math.min(outside, sum);
        }
        matrix[i * size + j] = sum;
        matrix[j * size + i] = sum;
      }
    }
    SymmetricEigen.decompose(matrix, size, values, vectors);
    return size;
  }

  /** The singular values and vectors of the heavy rows. */
  void solveHeavy(HeavyRows heavy) {
    heavyCount = heavy.count();
    heavy.gram(gram);
    SymmetricEigen.decompose(gram, heavyCount, heavyValues, heavyVectors);
    directions = 0;
    while (directions < heavyCount
        && heavyValues[directions] > ROUNDING * heavyValues[0]
        && heavyValues[directions] > 0) {
      directions++;
    }
  }

  /** What of the heavy directions lies outside of {@code Z}: an orthonormal basis' coefficients. */
  private void residuals(int used, int width, double inside) {
    int u = Math.min(directions, Math.min(heavyDirections, width - used));
    for (int i = 0; i < used; i++) {
      for (int j = 0; j < u; j++) {
        double sum = 0;
        for (int r = 0; r < heavyCount; r++) {
          sum = Math.fma(heavyZ[r * used + i], heavyVectors[j * heavyCount + r], sum);
        }
        zu[i * heavyDirections + j] = sum / Math.sqrt(heavyValues[j]);
      }
    }
    for (int i = 0; i < u; i++) {
      for (int j = 0; j < u; j++) {
        double sum = i == j ? 1 : 0;
        for (int l = 0; l < used; l++) {
          sum -= zu[l * heavyDirections + i] * zu[l * heavyDirections + j];
        }
        residual[i * u + j] = sum;
      }
    }
    SymmetricEigen.decompose(residual, u, residualValues, residualVectors);
    kept = 0;
    while (kept < u && residualValues[kept] > Math.max(inside, INSIDE)) {
      kept++;
    }
    spanned = u;
  }

  /** The product of heavy row {@code r} with vector {@code i} of the basis outside of {@code Z}. */
  private double outside(int r, int i, int used) {
    double sum = 0;
    for (int j = 0; j < spanned; j++) {
      double product = heavyVectors[j * heavyCount + r] * Math.sqrt(heavyValues[j]);
      for (int l = 0; l < used; l++) {
        product -= heavyZ[r * used + l] * zu[l * heavyDirections + j];
      }
      sum += product * residualVectors[i * spanned + j];
    }
    return sum / Math.sqrt(residualValues[i]);
  }

  /** Ritz value {@code i}, after {@link #solve}. */
  double value(int i) {
    return values[i];
  }

  /** How many dimensions of the first Ritz vectors' space lie outside of {@code z}. */
  double newcomers(int count, int used) {
    int size = used + kept;
    double sum = 0;
    for (int e = 0; e < count; e++) {
      for (int i = used; i < size; i++) {
        sum += vectors[e * size + i] * vectors[e * size + i];
      }
    }
    return sum;
  }

  /** Of each vector of {@code z} what the heavy rows don't explain of a Ritz value. */
  void lightValues(HeavyRows heavy, double[] z, int count, double[] target) {
    heavy.products(z, count, heavyZ);
    for (int i = 0; i < count; i++) {
      double explained = 0;
      for (int r = 0; r < heavyCount; r++) {
        explained += heavyZ[r * count + i] * heavyZ[r * count + i];
      }
      target[i] = Math.max(0, values[i] - explained);
    }
  }

  /** The squared singular value {@code i} of the heavy rows; 0 beyond the last. */
  double heavyValue(int i) {
    return i < directions ? heavyValues[i] : 0;
  }

  /** The number of directions that the heavy rows span. */
  int heavyRank() {
    return directions;
  }

  /**
   * Decides how much of a power step and how much of the Ritz vector itself becomes the next
   * vector, for the first Ritz vectors. A power step shrinks what a vector has along other
   * directions to {@code rest / value}, so that with a step's weight of {@code fresh / (1 - rest /
   * value)} all blocks count by their length, as they do in the rates of Oja's rule that forget
   * nothing and converge.
   *
   * @param fresh this block's part of all light rows
   * @param rest the mean of the eigenvalues that are not wanted
   */
  void weigh(int count, double fresh, double rest) {
    for (int e = 0; e < count; e++) {
      double gap = 1 - rest / values[e];
      shares[e] = gap > fresh ? 1 - fresh / gap : 0;
    }
  }

  /**
   * Writes {@code (1 - share) G + share * value * X} for the first Ritz vectors into {@code
   * target}, which may be {@code y}; the shares are those of {@link #weigh}.
   */
  void write(
      HeavyRows heavy,
      double[] z,
      double[] y,
      int used,
      int width,
      double scale,
      int count,
      double[] target) {
    for (int e = 0; e < count; e++) {
      coefficients(e, used, count);
    }
    int size = used + kept;
    for (int j = 0; j < width; j++) {
      for (int e = 0; e < count; e++) {
        double ofY = (1 - shares[e]) * scale;
        double sum = 0;
        for (int i = 0; i < used; i++) {
          sum = Math.fma(ofY * vectors[e * size + i], y[i * width + j], sum);
          sum = shares[e] > 0 ? Math.fma(ofZ[i * count + e], z[i * width + j], sum) : sum;
        }
        element[e] = sum;
      }
      for (int e = 0; e < count; e++) {
        target[e * width + j] = element[e];
      }
    }
    heavy.accumulate(ofRows, count, target);
  }

  /**
   * Writes right singular vectors of the heavy rows, after {@link #solveHeavy} or {@link #solve}.
   *
   * @param target zero so far
   */
  void writeHeavy(HeavyRows heavy, int count, double[] target) {
    for (int r = 0; r < heavyCount; r++) {
      for (int e = 0; e < count; e++) {
        ofRows[r * count + e] = heavyVectors[e * heavyCount + r] / Math.sqrt(heavyValues[e]);
      }
    }
    heavy.accumulate(ofRows, count, target);
  }

  private void coefficients(int e, int used, int count) {
    int size = used + kept;
    double share = shares[e];
    double ritz = share * values[e];
    for (int r = 0; r < heavyCount; r++) {
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum = Math.fma(heavyBasis[r * size + i], vectors[e * size + i], sum);
      }
      ofRows[r * count + e] = (1 - share) * sum;
    }
    for (int i = 0; i < used; i++) {
      ofZ[i * count + e] = ritz * vectors[e * size + i];
    }
    for (int j = 0; j < spanned; j++) {
      double weight = 0;
      for (int i = 0; i < kept; i++) {
        weight +=
            residualVectors[i * spanned + j]
                * vectors[e * size + used + i]
                / Math.sqrt(residualValues[i]);
      }
      weight *= ritz;
      for (int i = 0; i < used; i++) {
        ofZ[i * count + e] -= zu[i * heavyDirections + j] * weight;
      }
      weight /= Math.sqrt(heavyValues[j]);
      for (int r = 0; r < heavyCount; r++) {
        ofRows[r * count + e] += heavyVectors[j * heavyCount + r] * weight;
      }
    }
  }
}
