package io.tributary.agent.trainer.djl;

import io.tributary.agent.trainer.GptShape;
import java.util.List;

/** The model as loops over doubles, one token after the other: an oracle for the graph. */
final class PlainGpt {
  private final GptShape shape;
  private final List<double[]> parameters;
  private final int width;

  PlainGpt(GptShape shape, List<double[]> parameters) {
    this.shape = shape;
    this.parameters = parameters;
    this.width = shape.width();
  }

  double[] logits(long[] tokens, int windows) {
    int length = tokens.length / windows;
    double[] all = new double[tokens.length * GptShape.VOCABULARY];
    for (int w = 0; w < windows; w++) {
      double[][] x = new double[length][width];
      for (int i = 0; i < length; i++) {
        int token = (int) tokens[w * length + i];
        for (int c = 0; c < width; c++) {
          x[i][c] = parameters.get(0)[token * width + c] + parameters.get(1)[i * width + c];
        }
      }
      for (int layer = 0; layer < shape.layers(); layer++) {
        int at = GptShape.TENSORS_BEFORE_LAYERS + layer * GptShape.TENSORS_A_LAYER;
        attend(x, at);
        for (int i = 0; i < length; i++) {
          double[] inner = times(parameters.get(at + 6), norm(x[i], at + 4));
          for (int c = 0; c < inner.length; c++) {
            inner[c] = 0.5 * inner[c] * (1 + erf(inner[c] / Math.sqrt(2)));
          }
          add(x[i], times(parameters.get(at + 7), inner));
        }
      }
      int last = GptShape.TENSORS_BEFORE_LAYERS + shape.layers() * GptShape.TENSORS_A_LAYER;
      for (int i = 0; i < length; i++) {
        double[] row = times(parameters.get(0), norm(x[i], last));
        System.arraycopy(row, 0, all, (w * length + i) * row.length, row.length);
      }
    }
    return all;
  }

  private void attend(double[][] x, int at) {
    int headWidth = width / shape.heads();
    double[][] qkv = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      qkv[i] = times(parameters.get(at + 2), norm(x[i], at));
    }
    for (int i = 0; i < x.length; i++) {
      double[] mixed = new double[width];
      for (int head = 0; head < shape.heads(); head++) {
        double[] weights = new double[i + 1];
        double total = 0;
        for (int j = 0; j <= i; j++) {
          double score = 0;
          for (int c = head * headWidth; c < (head + 1) * headWidth; c++) {
            score += qkv[i][c] * qkv[j][width + c];
          }
          weights[j] = StrictMath.exp(score / Math.sqrt((double) headWidth));
          total += weights[j];
        }
        for (int j = 0; j <= i; j++) {
          for (int c = head * headWidth; c < (head + 1) * headWidth; c++) {
            mixed[c] += weights[j] / total * qkv[j][2 * width + c];
          }
        }
      }
      add(x[i], times(parameters.get(at + 3), mixed));
    }
  }

  private double[] norm(double[] x, int at) {
    double mean = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double[] out = new double[x.length];
    for (int c = 0; c < x.length; c++) {
      out[c] =
          (x[c] - mean) / Math.sqrt(variance + 1e-5) * parameters.get(at)[c]
              + parameters.get(at + 1)[c];
    }
    return out;
  }

  private static double[] times(double[] matrix, double[] x) {
    double[] out = new double[matrix.length / x.length];
    for (int r = 0; r < out.length; r++) {
      for (int c = 0; c < x.length; c++) {
        out[r] += matrix[r * x.length + c] * x[c];
      }
    }
    return out;
  }

  private static void add(double[] x, double[] more) {
    for (int c = 0; c < x.length; c++) {
      x[c] += more[c];
    }
  }

  /** The series of Maclaurin, which is exact enough for the small arguments here. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200 && Math.abs(term) > 1e-18; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
}
