package io.tributary.codecs.sketch;

import java.util.Arrays;

/**
 * Rayleigh and Ritz's step at the end of a block: the best vectors of a small space, and by how
 * much this block's rows turn them.
 *
 * <p>Let {@code Z} be orthonormal, {@code Y = BZ} its product with the Gram matrix of this block's
 * light rows, and {@code H} the heavy rows. Of all rows before the block only this is known: each
 * vector of {@code Z} was as good as an eigenvector of them, heavy rows included, with a value θ.
 * To that comes what is new: the block's light rows, and the heavy rows {@code F} that came with
 * them. The space is spanned by {@code Z} and the top right singular vectors {@code U} of {@code
 * H}. In an orthonormal basis {@code W = [Z, V]} of it, the matrix is
 *
 * <pre>
 *   Θ + ZᵀY + (FZ)ᵀ(FZ)    (FZ)ᵀ(FV)
 *   (FV)ᵀ(FZ)              (HV)ᵀ(HV) + what light rows may have along V
 * </pre>
 *
 * <p>The heavy rows {@code O} from before the block have no part between {@code Z} and {@code V}:
 * what they turned a vector towards, light rows turned back, or it would not have been an
 * eigenvector. The top eigenvectors {@code E} give the Ritz vectors {@code X = WE} and the power
 * step {@code G = ZΘE_Z + YE_Z + Fᵀ(FX) + (I - ZZᵀ)Oᵀ(OVE_V)}, in which each row so far counts
 * once.
 *
 * <p>{@code V} is never formed: all that is asked of it follows from {@code HZ} and {@code HHᵀ}, so
 * that beside {@code Z}, {@code Y} and {@code H} there are only small matrices, and the vectors are
 * sums {@code Z·a + Y·b + Hᵀ·c} with small coefficients.
 */
final class RitzStep {
  /** The squared part of a heavy direction outside of {@code Z}, below which it is rounding. */
  private static final double INSIDE = 1e-10;

  /** Squared singular values of {@code H} below this share of the first are rounding. */
  private static final double ROUNDING = 1e-12;

  /** How much of an estimate is of the last block alone. */
  private static final double RENEWED = 0.25;

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
  private final double[] outside;
  private final double[] lightOutside;
  private final double[] heavyBasis;
  private final double[] matrix;
  private final double[] values;
  private final double[] vectors;
  private final double[] ofRows;
  private final double[] ofZ;
  private final double[] element;
  private final double[] gains;
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
    outside = space.doubles(heavyDirections * heavyDirections);
    lightOutside = space.doubles(heavyDirections);
    heavyBasis = space.doubles(slots * order);
    matrix = space.doubles(order * order);
    values = space.doubles(order);
    vectors = space.doubles(order * order);
    ofRows = space.doubles(slots * columns);
    ofZ = space.doubles(columns * columns);
    element = space.doubles(columns);
    gains = space.doubles(columns);
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
   * @param mostOutside what light rows may be thought to have along a direction outside of {@code
   *     z}; no more than the heavy rows have there is
   * @param known θ of each vector of {@code z}
   * @return the number of Ritz values
   */
  int solve(
      HeavyRows heavy,
      double[] z,
      double[] y,
      int used,
      int width,
      double mostOutside,
      double[] known) {
    solveHeavy(heavy);
    heavy.products(z, used, heavyZ);
    findOutside(used, width);
    int size = used + kept;
    for (int r = 0; r < heavyCount; r++) {
      for (int i = 0; i < used; i++) {
        heavyBasis[r * size + i] = heavyZ[r * used + i];
      }
      for (int i = 0; i < kept; i++) {
        heavyBasis[r * size + used + i] = productOutside(r, i, used);
      }
    }
    for (int i = 0; i < kept; i++) {
      lightOutside[i] = Math.min(mostOutside, lightOutside[i]);
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int r = 0; r < heavyCount; r++) {
          if (j >= used || heavy.isFresh(r)) {
            sum = Math.fma(heavyBasis[r * size + i], heavyBasis[r * size + j], sum);
          }
        }
        if (i < used) {
          double one = Basis.dot(z, i * width, y, j * width, width);
          double other = Basis.dot(z, j * width, y, i * width, width);
          sum += 0.5 * (one + other);
        }
        if (i == j) {
          sum += i < used ? known[i] : lightOutside[i - used];
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

  /**
   * Makes what the heavy directions have outside of {@code Z} orthonormal, the heaviest first:
   * vector {@code i} is the sum of the {@code (I - ZZᵀ)u_j} with coefficients {@code outside[i *
   * spanned + j]}.
   */
  private void findOutside(int used, int width) {
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
    spanned = u;
    kept = 0;
    for (int j = 0; j < u; j++) {
      if (addOutside(j)) {
        lightOutside[kept] = heavyValues[j];
        kept++;
      }
    }
  }

  /** Writes behind those kept what direction {@code j} adds to them; false if it is rounding. */
  private boolean addOutside(int j) {
    int at = kept * spanned;
    Arrays.fill(outside, at, at + spanned, 0);
    outside[at + j] = 1;
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < kept; i++) {
        Basis.add(outside, i * spanned, -residualProduct(i * spanned, at), outside, at, spanned);
      }
    }
    double square = residualProduct(at, at);
    if (!(square > INSIDE)) {
      return false;
    }
    for (int i = at; i < at + spanned; i++) {
      outside[i] /= Math.sqrt(square);
    }
    return true;
  }

  /** The product of two vectors outside of {@code Z} whose coefficients begin there. */
  private double residualProduct(int at, int other) {
    double sum = 0;
    for (int i = 0; i < spanned; i++) {
      sum += outside[at + i] * Basis.dot(residual, i * spanned, outside, other, spanned);
    }
    return sum;
  }

  /** The product of heavy row {@code r} with vector {@code i} of the basis outside of {@code Z}. */
  private double productOutside(int r, int i, int used) {
    double sum = 0;
    for (int j = 0; j < spanned; j++) {
      double product = heavyVectors[j * heavyCount + r] * Math.sqrt(heavyValues[j]);
      for (int l = 0; l < used; l++) {
        product -= heavyZ[r * used + l] * zu[l * heavyDirections + j];
      }
      sum += product * outside[i * spanned + j];
    }
    return sum;
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

  /**
   * Estimates what the first Ritz vectors have over all rows. Their values are lower, since the
   * vectors before were worse; this block's rows alone, scaled, say it of these vectors, with
   * noise. An estimate goes a quarter of the way from the one to the other.
   *
   * @param scale what the light rows of the block are multiplied with to stand for all
   * @param estimates of the vectors of {@code z}; replaced
   */
  void estimate(
      HeavyRows heavy, int used, int count, double scale, double[] known, double[] estimates) {
    int size = used + kept;
    for (int e = 0; e < count; e++) {
      double block = values[e];
      double all = 0;
      for (int i = 0; i < size; i++) {
        double square = vectors[e * size + i] * vectors[e * size + i];
        block -= square * (i < used ? known[i] : lightOutside[i - used]);
        all += i < used ? 0 : square * lightOutside[i - used];
      }
      for (int r = 0; r < heavyCount; r++) {
        double outZ = heavyProduct(r, e, used, size, size);
        double product = outZ + heavyProduct(r, e, 0, used, size);
        all += product * product;
        block -= heavy.isFresh(r) ? product * product : outZ * outZ;
      }
      double soFar = valueWith(e, used, known, estimates);
      element[e] = soFar + RENEWED * (Math.max(0, all + scale * block) - soFar);
    }
    System.arraycopy(element, 0, estimates, 0, count);
  }

  /** Ritz value {@code i} if {@code z} had had the estimates and not what is known. */
  double valueWith(int i, int used, double[] known, double[] estimates) {
    int size = used + kept;
    double sum = values[i];
    for (int l = 0; l < used; l++) {
      sum += vectors[i * size + l] * vectors[i * size + l] * (estimates[l] - known[l]);
    }
    return sum;
  }

  /** The product of heavy row {@code r} with a part of Ritz vector {@code e}. */
  private double heavyProduct(int r, int e, int from, int to, int size) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum = Math.fma(heavyBasis[r * size + i], vectors[e * size + i], sum);
    }
    return sum;
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
   * Decides how far the power step turns each of the first Ritz vectors. A power step shrinks what
   * a vector has along other directions to {@code rest / value}; a gain of {@code 1 / (1 - rest /
   * value)} makes up for that, so that all blocks count by their length, as they do in the rates of
   * Oja's rule that forget nothing and converge.
   *
   * @param fresh this block's part of all light rows
   * @param rest the mean of the eigenvalues that are not wanted
   */
  void weigh(int count, double fresh, double rest) {
    for (int e = 0; e < count; e++) {
      // Not more than as if the block were all rows.
      double least = Math.max(fresh, 1 - rest / values[e]);
      gains[e] = least > 0 ? 1 / least : 1;
    }
  }

  /**
   * Writes {@code gain * G + (1 - gain) * value * X} for the first Ritz vectors into {@code
   * target}, which may be {@code y}; the gains are those of {@link #weigh}.
   *
   * @param known as it was for {@link #solve}
   */
  void write(
      HeavyRows heavy,
      double[] z,
      double[] y,
      int used,
      int width,
      int count,
      double[] known,
      double[] target) {
    for (int e = 0; e < count; e++) {
      coefficients(heavy, e, used, count, known);
    }
    int size = used + kept;
    for (int j = 0; j < width; j++) {
      for (int e = 0; e < count; e++) {
        double sum = 0;
        for (int i = 0; i < used; i++) {
          sum = Math.fma(gains[e] * vectors[e * size + i], y[i * width + j], sum);
          sum = Math.fma(ofZ[i * count + e], z[i * width + j], sum);
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

  private void coefficients(HeavyRows heavy, int e, int used, int count, double[] known) {
    int size = used + kept;
    double gain = gains[e];
    double ritz = (1 - gain) * values[e];
    for (int i = 0; i < used; i++) {
      ofZ[i * count + e] = (gain * known[i] + ritz) * vectors[e * size + i];
    }
    for (int r = 0; r < heavyCount; r++) {
      double product = gain * heavyProduct(r, e, used, size, size);
      if (heavy.isFresh(r)) {
        product = Math.fma(gain, heavyProduct(r, e, 0, used, size), product);
      } else {
        for (int i = 0; i < used; i++) {
          ofZ[i * count + e] -= heavyBasis[r * size + i] * product;
        }
      }
      ofRows[r * count + e] = product;
    }
    for (int j = 0; j < spanned; j++) {
      double weight = 0;
      for (int i = 0; i < kept; i++) {
        weight +=
            outside[i * spanned + j]
                * (gain * lightOutside[i] + ritz)
                * vectors[e * size + used + i];
      }
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
