package io.tributary.weights;

import io.tributary.tensor.ArrayRows;
import io.tributary.weights.recipe.EncodedMatrix;
import io.tributary.weights.recipe.Recipe;
import io.tributary.weights.recipe.Recipes;
import io.tributary.weights.transform.RowTransform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A layer whose inputs are correlated and have loud channels, and whose weights have outliers, so
 * that methods that look at inputs can tell themselves apart: with white inputs they coincide.
 */
public final class SyntheticLayer {
  public static final int ROWS = 128;
  public static final int WIDTH = 256;
  private static final int TOKENS = 2048;

  public final float[] weights;
  public final double[] hessian;

  private SyntheticLayer(float[] weights, double[] hessian) {
    this.weights = weights;
    this.hessian = hessian;
  }

  /** The layer of a seed, which is printed. */
  public static SyntheticLayer of(long seed) {
    System.out.println("seed " + seed);
    var random = new Random(seed);
    double[] rotation = orthogonal(random, WIDTH);
    var gains = new double[WIDTH];
    for (int j = 0; j < WIDTH; j++) {
      gains[j] = Math.exp(0.5 * random.nextGaussian());
    }
    for (int i = 0; i < 4; i++) {
      gains[random.nextInt(WIDTH)] *= 10;
    }
    var hessian = new double[WIDTH * WIDTH];
    var hidden = new double[WIDTH];
    for (int t = 0; t < TOKENS; t++) {
      for (int k = 0; k < WIDTH; k++) {
        hidden[k] = random.nextGaussian() * Math.pow(k + 1, -0.4);
      }
      var x = new double[WIDTH];
      for (int k = 0; k < WIDTH; k++) {
        for (int j = 0; j < WIDTH; j++) {
          x[j] += hidden[k] * rotation[k * WIDTH + j];
        }
      }
      for (int j = 0; j < WIDTH; j++) {
        x[j] *= gains[j];
      }
      for (int i = 0; i < WIDTH; i++) {
        for (int j = 0; j < WIDTH; j++) {
          hessian[i * WIDTH + j] += x[i] * x[j] / TOKENS;
        }
      }
    }
    return new SyntheticLayer(weights(random), hessian);
  }

  private static float[] weights(Random random) {
    var columns = new double[WIDTH];
    for (int j = 0; j < WIDTH; j++) {
      columns[j] = Math.exp(0.3 * random.nextGaussian());
    }
    var weights = new float[ROWS * WIDTH];
    for (int i = 0; i < ROWS; i++) {
      double row = Math.exp(0.3 * random.nextGaussian());
      for (int j = 0; j < WIDTH; j++) {
        double squares = 0;
        for (int k = 0; k < 5; k++) {
          double g = random.nextGaussian();
          squares += g * g / 5;
        }
        double t5 = random.nextGaussian() / Math.sqrt(squares);
        weights[i * WIDTH + j] = (float) (0.02 * t5 * columns[j] * row);
      }
    }
    for (int i = 0; i < 60; i++) {
      weights[random.nextInt(weights.length)] *= 8;
    }
    return weights;
  }

  /** Gram and Schmidt on normal rows. */
  private static double[] orthogonal(Random random, int n) {
    var rows = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        rows[i * n + j] = random.nextGaussian();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int k = 0; k < i; k++) {
          double dot = 0;
          for (int j = 0; j < n; j++) {
            dot += rows[i * n + j] * rows[k * n + j];
          }
          for (int j = 0; j < n; j++) {
            rows[i * n + j] -= dot * rows[k * n + j];
          }
        }
      }
      double norm = 0;
      for (int j = 0; j < n; j++) {
        norm += rows[i * n + j] * rows[i * n + j];
      }
      for (int j = 0; j < n; j++) {
        rows[i * n + j] /= Math.sqrt(norm);
      }
    }
    return rows;
  }

  public Hessians hessians() {
    return (tensor, n) -> hessian.clone();
  }

  /** What a recipe made of the weights. */
  public record Outcome(
      float[] decoded, double bits, double proxy, double weightError, List<String> notes) {}

  /** Encodes and decodes the weights in blocks of 48 rows. */
  public Outcome apply(String recipe) {
    return apply(recipe, weights, hessians());
  }

  public Outcome apply(String recipe, float[] values, Hessians hessians) {
    var notes = new ArrayList<String>();
    try (var workers = new RowWorkers(2)) {
      Recipe parsed = Recipes.parse(recipe);
      EncodedMatrix encoded =
          parsed.encode(
              "w",
              new ArrayRows(values.clone(), WIDTH),
              new Recipe.Tools(hessians, workers, notes::add));
      var decoded = new float[values.length];
      long bytes = encoded.layout().side().length;
      for (RowTransform transform : encoded.transforms()) {
        bytes += transform.side().length;
      }
      for (int first = 0; first < ROWS; first += 48) {
        int count = Math.min(48, ROWS - first);
        byte[] block =
            encoded.block(
                first, count, Arrays.copyOfRange(values, first * WIDTH, (first + count) * WIDTH));
        bytes += block.length;
        encoded.layout().unpack(block, count, WIDTH, decoded, first * WIDTH);
      }
      for (int i = encoded.transforms().size() - 1; i >= 0; i--) {
        encoded.transforms().get(i).undo(decoded, 0, ROWS, WIDTH);
      }
      return new Outcome(
          decoded,
          8.0 * bytes / values.length,
          proxy(values, decoded),
          relative(values, decoded),
          notes);
    }
  }

  private static double relative(float[] values, float[] decoded) {
    double error = 0;
    double energy = 0;
    for (int i = 0; i < values.length; i++) {
      error += Math.pow((double) values[i] - decoded[i], 2);
      energy += Math.pow(values[i], 2);
    }
    return error / energy;
  }

  /** The loss of the outputs over that of all weights set to zero. */
  public double proxy(float[] values, float[] decoded) {
    double error = 0;
    double energy = 0;
    for (int i = 0; i < ROWS; i++) {
      var off = new double[WIDTH];
      var all = new double[WIDTH];
      for (int j = 0; j < WIDTH; j++) {
        off[j] = (double) values[i * WIDTH + j] - decoded[i * WIDTH + j];
        all[j] = values[i * WIDTH + j];
      }
      error += quadratic(off, hessian);
      energy += quadratic(all, hessian);
    }
    return error / energy;
  }

  public static double quadratic(double[] row, double[] matrix) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      double product = 0;
      for (int j = 0; j < row.length; j++) {
        product += matrix[i * row.length + j] * row[j];
      }
      sum += row[i] * product;
    }
    return sum;
  }
}
