package io.tributary.weights.model;

import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The same by the Vector API. Lanes are outputs of a matrix, so that each keeps the definition's
 * order; four inputs meet two vectors of weights at a time.
 */
final class ModelSimdKernel implements ModelKernel {
  private static final int ROWS = 4;
  private static final int PANEL = PanelMatrix.PANEL;

  private final ModelScalarKernel definition = new ModelScalarKernel();

  @Override
  public void multiply(
      float[] inputs, int count, PanelMatrix matrix, float[] outputs, int at, int stride) {
    int width = matrix.width();
    var tile = new float[ROWS * PANEL];
    for (int first = 0; first < matrix.rows(); first += PANEL) {
      boolean whole = first + PANEL <= matrix.rows();
      for (int t = 0; t < count; t += ROWS) {
        int rows = Math.min(ROWS, count - t);
        float[] target = whole ? outputs : tile;
        int to = whole ? at + t * stride + first : 0;
        int step = whole ? stride : PANEL;
        for (int part = 0; part < PANEL; part += 2 * LANES) {
          int from = first * width + part;
          if (rows == ROWS) {
            fourRows(inputs, t * width, width, matrix.values(), from, target, to + part, step);
          } else {
            for (int r = 0; r < rows; r++) {
              oneRow(
                  inputs,
                  (t + r) * width,
                  width,
                  matrix.values(),
                  from,
                  target,
                  to + r * step + part);
            }
          }
        }
        if (!whole) {
          for (int r = 0; r < rows; r++) {
            System.arraycopy(
                tile, r * PANEL, outputs, at + (t + r) * stride + first, matrix.rows() - first);
          }
        }
      }
    }
  }

  private static void fourRows(
      float[] inputs,
      int at,
      int width,
      float[] weights,
      int from,
      float[] target,
      int to,
      int step) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector b0 = FloatVector.zero(FLOATS);
    FloatVector b1 = FloatVector.zero(FLOATS);
    FloatVector c0 = FloatVector.zero(FLOATS);
    FloatVector c1 = FloatVector.zero(FLOATS);
    FloatVector d0 = FloatVector.zero(FLOATS);
    FloatVector d1 = FloatVector.zero(FLOATS);
    for (int k = 0; k < width; k++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, weights, from + k * PANEL);
      FloatVector w1 = FloatVector.fromArray(FLOATS, weights, from + k * PANEL + LANES);
      FloatVector a = FloatVector.broadcast(FLOATS, inputs[at + k]);
      FloatVector b = FloatVector.broadcast(FLOATS, inputs[at + width + k]);
      FloatVector c = FloatVector.broadcast(FLOATS, inputs[at + 2 * width + k]);
      FloatVector d = FloatVector.broadcast(FLOATS, inputs[at + 3 * width + k]);
      a0 = a.fma(w0, a0);
      a1 = a.fma(w1, a1);
      b0 = b.fma(w0, b0);
      b1 = b.fma(w1, b1);
      c0 = c.fma(w0, c0);
      c1 = c.fma(w1, c1);
      d0 = d.fma(w0, d0);
      d1 = d.fma(w1, d1);
    }
    a0.intoArray(target, to);
    a1.intoArray(target, to + LANES);
    b0.intoArray(target, to + step);
    b1.intoArray(target, to + step + LANES);
    c0.intoArray(target, to + 2 * step);
    c1.intoArray(target, to + 2 * step + LANES);
    d0.intoArray(target, to + 3 * step);
    d1.intoArray(target, to + 3 * step + LANES);
  }

  private static void oneRow(
      float[] inputs, int at, int width, float[] weights, int from, float[] target, int to) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    for (int k = 0; k < width; k++) {
      FloatVector a = FloatVector.broadcast(FLOATS, inputs[at + k]);
      a0 = a.fma(FloatVector.fromArray(FLOATS, weights, from + k * PANEL), a0);
      a1 = a.fma(FloatVector.fromArray(FLOATS, weights, from + k * PANEL + LANES), a1);
    }
    a0.intoArray(target, to);
    a1.intoArray(target, to + LANES);
  }

  private static FloatVector exp(FloatVector value) {
    FloatVector x = value.max(LEAST_EXPONENT).min(-LEAST_EXPONENT);
    FloatVector rounder = FloatVector.broadcast(FLOATS, ModelScalarKernel.ROUNDER);
    FloatVector power =
        x.fma(FloatVector.broadcast(FLOATS, ModelScalarKernel.LOG2_E), rounder).sub(rounder);
    FloatVector rest =
        power.fma(
            FloatVector.broadcast(FLOATS, -ModelScalarKernel.LN2_LOW),
            power.fma(FloatVector.broadcast(FLOATS, -ModelScalarKernel.LN2_HIGH), x));
    FloatVector sum =
        rest.fma(
            FloatVector.broadcast(FLOATS, ModelScalarKernel.P0),
            FloatVector.broadcast(FLOATS, ModelScalarKernel.P1));
    sum = sum.fma(rest, FloatVector.broadcast(FLOATS, ModelScalarKernel.P2));
    sum = sum.fma(rest, FloatVector.broadcast(FLOATS, ModelScalarKernel.P3));
    sum = sum.fma(rest, FloatVector.broadcast(FLOATS, ModelScalarKernel.P4));
    sum = sum.fma(rest, FloatVector.broadcast(FLOATS, ModelScalarKernel.P5));
    FloatVector result = sum.fma(rest.mul(rest), rest).add(1);
    IntVector exponent = (IntVector) power.convertShape(VectorOperators.F2I, INTS, 0);
    return result.mul(exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
  }

  @Override
  public void exponential(float[] values, int at, int count, float top) {
    int end = at + FLOATS.loopBound(count);
    for (int i = at; i < end; i += LANES) {
      exp(FloatVector.fromArray(FLOATS, values, i).sub(top)).intoArray(values, i);
    }
    definition.exponential(values, end, at + count - end, top);
  }

  @Override
  public void gate(float[] gates, float[] ups, int count) {
    int end = FLOATS.loopBound(count);
    for (int i = 0; i < end; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gates, i);
      FloatVector up = FloatVector.fromArray(FLOATS, ups, i);
      g.div(exp(g.neg()).add(1)).mul(up).intoArray(gates, i);
    }
    for (int i = end; i < count; i++) {
      gates[i] = ModelScalarKernel.gated(gates[i], ups[i]);
    }
  }

  @Override
  public void gelu(float[] values, int count) {
    int end = FLOATS.loopBound(count);
    for (int i = 0; i < end; i += LANES) {
      gelu(FloatVector.fromArray(FLOATS, values, i)).intoArray(values, i);
    }
    for (int i = end; i < count; i++) {
      values[i] = ModelScalarKernel.gelu(values[i]);
    }
  }

  private static FloatVector gelu(FloatVector value) {
    FloatVector one = FloatVector.broadcast(FLOATS, 1);
    FloatVector x = value.mul(ModelScalarKernel.ROOT_HALF).abs();
    FloatVector t = one.div(x.fma(FloatVector.broadcast(FLOATS, ModelScalarKernel.ERF_P), one));
    FloatVector sum =
        t.fma(
            FloatVector.broadcast(FLOATS, ModelScalarKernel.ERF5),
            FloatVector.broadcast(FLOATS, ModelScalarKernel.ERF4));
    sum = sum.fma(t, FloatVector.broadcast(FLOATS, ModelScalarKernel.ERF3));
    sum = sum.fma(t, FloatVector.broadcast(FLOATS, ModelScalarKernel.ERF2));
    sum = sum.fma(t, FloatVector.broadcast(FLOATS, ModelScalarKernel.ERF1));
    FloatVector beyond = sum.mul(t).mul(exp(x.mul(x).neg()));
    FloatVector both =
        FloatVector.broadcast(FLOATS, 2)
            .sub(beyond)
            .blend(beyond, value.compare(VectorOperators.LT, 0));
    return value.mul(0.5f).mul(both);
  }
}
