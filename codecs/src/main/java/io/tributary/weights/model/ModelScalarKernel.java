package io.tributary.weights.model;

/** The definition, in plain Java. */
final class ModelScalarKernel implements ModelKernel {
  /** Added and subtracted, it rounds a float to a whole number, halves to the even one. */
  static final float ROUNDER = 0x1.8p23f;

  static final float LOG2_E = 0x1.715476p0f;

  /** The logarithm of 2 in two parts: a whole number times the first is exact. */
  static final float LN2_HIGH = 0x1.63p-1f;

  static final float LN2_LOW = -0x1.bd0106p-13f;

  /** A polynomial for (exp(x) - 1 - x) / x^2 on half of LN2 to both sides: Cephes, expf. */
  static final float P0 = 0x1.a0d2cep-13f;

  static final float P1 = 0x1.6e879cp-10f;
  static final float P2 = 0x1.11121p-7f;
  static final float P3 = 0x1.555382p-5f;
  static final float P4 = 0x1.555554p-3f;
  static final float P5 = 0x1.0p-1f;

  static final float ROOT_HALF = 0x1.6a09e6p-1f;

  /** erf to 1.5e-7: Abramowitz and Stegun (1964), 7.1.26; 0.3275911, 0.254829592 and so on. */
  static final float ERF_P = 0x1.4f740ap-2f;

  static final float ERF1 = 0x1.04f20cp-2f;
  static final float ERF2 = -0x1.23531cp-2f;
  static final float ERF3 = 0x1.6be1c6p0f;
  static final float ERF4 = -0x1.7401c6p0f;
  static final float ERF5 = 0x1.0fb844p0f;

  private static float exp(float value) {
    float x = Math.min(Math.max(value, LEAST_EXPONENT), -LEAST_EXPONENT);
    float power = Math.fma(x, LOG2_E, ROUNDER) - ROUNDER;
    float rest = Math.fma(power, -LN2_LOW, Math.fma(power, -LN2_HIGH, x));
    float sum = Math.fma(P0, rest, P1);
    sum = Math.fma(sum, rest, P2);
    sum = Math.fma(sum, rest, P3);
    sum = Math.fma(sum, rest, P4);
    sum = Math.fma(sum, rest, P5);
    float result = Math.fma(sum, rest * rest, rest) + 1;
    return result * Float.intBitsToFloat(((int) power + 127) << 23);
  }

  static float gated(float gate, float up) {
    return gate / (1 + exp(-gate)) * up;
  }

  @Override
  public void multiply(
      float[] inputs, int count, PanelMatrix matrix, float[] outputs, int at, int stride) {
    int width = matrix.width();
    float[] weights = matrix.values();
    for (int t = 0; t < count; t++) {
      for (int j = 0; j < matrix.rows(); j++) {
        int from = j / PanelMatrix.PANEL * PanelMatrix.PANEL * width + j % PanelMatrix.PANEL;
        float sum = 0;
        for (int k = 0; k < width; k++) {
          sum = Math.fma(inputs[t * width + k], weights[from + k * PanelMatrix.PANEL], sum);
        }
        outputs[at + t * stride + j] = sum;
      }
    }
  }

  @Override
  public void exponential(float[] values, int at, int count, float top) {
    for (int i = at; i < at + count; i++) {
      values[i] = exp(values[i] - top);
    }
  }

  @Override
  public void gate(float[] gates, float[] ups, int count) {
    for (int i = 0; i < count; i++) {
      gates[i] = gated(gates[i], ups[i]);
    }
  }

  @Override
  public void gelu(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = gelu(values[i]);
    }
  }

  static float gelu(float value) {
    float x = Math.abs(value * ROOT_HALF);
    float t = 1 / Math.fma(ERF_P, x, 1);
    float sum = Math.fma(ERF5, t, ERF4);
    sum = Math.fma(sum, t, ERF3);
    sum = Math.fma(sum, t, ERF2);
    sum = Math.fma(sum, t, ERF1);
    float beyond = sum * t * exp(-(x * x));
    // 1 + erf(x) for both signs, without loss where it is close to zero.
    return value * 0.5f * (value < 0 ? beyond : 2 - beyond);
  }
}
