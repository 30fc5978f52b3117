package io.tributary.codecs.sketch;

import io.tributary.codecs.internal.SimdLanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sketches' arithmetic by the Vector API.
 *
 * <p>Four rows meet four vectors at a time, so that each value that is loaded is used four times:
 * the rows' conversion to float64 and the way to the second-level cache would otherwise take longer
 * than the arithmetic. What is left over, rows and vectors, goes one row or one vector at a time.
 * Where vectors have fewer than eight lanes, the lanes of the definition are computed in parts.
 */
final class SketchSimdKernel implements SketchKernel {
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, SimdLanes.FLOATS.vectorShape());
  private static final int PART = DOUBLES.length();
  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Float.SIZE * PART));
  private static final int BLOCK = 4;

  private static DoubleVector load(float[] rows, int at) {
    return (DoubleVector)
        FloatVector.fromArray(FLOATS, rows, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  @Override
  public void energies(float[] rows, int from, int count, int width, double[] target) {
    var lanes = new double[LANES];
    int whole = width - width % LANES;
    for (int r = 0; r < count; r++) {
      int at = from + r * width;
      for (int part = 0; part < LANES; part += PART) {
        DoubleVector sum = DoubleVector.zero(DOUBLES);
        for (int j = part; j < whole; j += LANES) {
          DoubleVector a = load(rows, at + j);
          sum = a.fma(a, sum);
        }
        sum.intoArray(lanes, part);
      }
      for (int j = whole; j < width; j++) {
        lanes[j - whole] = Math.fma((double) rows[at + j], rows[at + j], lanes[j - whole]);
      }
      target[r] = SketchKernel.sum(lanes);
    }
  }

  @Override
  public void products(
      float[] rows,
      int from,
      int count,
      int width,
      double[] vectors,
      int columns,
      double[] target) {
    var lanes = new double[BLOCK * BLOCK * LANES];
    int blockedRows = count - count % BLOCK;
    int blockedColumns = columns - columns % BLOCK;
    for (int r = 0; r < blockedRows; r += BLOCK) {
      int at = from + r * width;
      for (int c = 0; c < blockedColumns; c += BLOCK) {
        block(rows, at, width, vectors, c * width, lanes);
        finish(rows, at, BLOCK, width, vectors, c, BLOCK, lanes, target, r, columns);
      }
      for (int c = blockedColumns; c < columns; c++) {
        column(rows, at, width, vectors, c * width, lanes);
        finish(rows, at, BLOCK, width, vectors, c, 1, lanes, target, r, columns);
      }
    }
    for (int r = blockedRows; r < count; r++) {
      int at = from + r * width;
      for (int c = 0; c < columns; c++) {
        pair(rows, at, width, vectors, c * width, lanes);
        finish(rows, at, 1, width, vectors, c, 1, lanes, target, r, columns);
      }
    }
  }

  /** The lanes of four rows with four vectors, without the elements after the last whole eight. */
  private static void block(
      float[] rows, int at, int width, double[] vectors, int from, double[] lanes) {
    int whole = width - width % LANES;
    for (int part = 0; part < LANES; part += PART) {
      DoubleVector s00 = DoubleVector.zero(DOUBLES);
      DoubleVector s01 = s00;
      DoubleVector s02 = s00;
      DoubleVector s03 = s00;
      DoubleVector s10 = s00;
      DoubleVector s11 = s00;
      DoubleVector s12 = s00;
      DoubleVector s13 = s00;
      DoubleVector s20 = s00;
      DoubleVector s21 = s00;
      DoubleVector s22 = s00;
      DoubleVector s23 = s00;
      DoubleVector s30 = s00;
      DoubleVector s31 = s00;
      DoubleVector s32 = s00;
      DoubleVector s33 = s00;
      for (int j = part; j < whole; j += LANES) {
        DoubleVector v0 = DoubleVector.fromArray(DOUBLES, vectors, from + j);
        DoubleVector v1 = DoubleVector.fromArray(DOUBLES, vectors, from + width + j);
        DoubleVector v2 = DoubleVector.fromArray(DOUBLES, vectors, from + 2 * width + j);
        DoubleVector v3 = DoubleVector.fromArray(DOUBLES, vectors, from + 3 * width + j);
        DoubleVector a0 = load(rows, at + j);
        s00 = a0.fma(v0, s00);
        s01 = a0.fma(v1, s01);
        s02 = a0.fma(v2, s02);
        s03 = a0.fma(v3, s03);
        DoubleVector a1 = load(rows, at + width + j);
        s10 = a1.fma(v0, s10);
        s11 = a1.fma(v1, s11);
        s12 = a1.fma(v2, s12);
        s13 = a1.fma(v3, s13);
        DoubleVector a2 = load(rows, at + 2 * width + j);
        s20 = a2.fma(v0, s20);
        s21 = a2.fma(v1, s21);
        s22 = a2.fma(v2, s22);
        s23 = a2.fma(v3, s23);
        DoubleVector a3 = load(rows, at + 3 * width + j);
        s30 = a3.fma(v0, s30);
        s31 = a3.fma(v1, s31);
        s32 = a3.fma(v2, s32);
        s33 = a3.fma(v3, s33);
      }
      s00.intoArray(lanes, part);
      s01.intoArray(lanes, LANES + part);
      s02.intoArray(lanes, 2 * LANES + part);
      s03.intoArray(lanes, 3 * LANES + part);
      s10.intoArray(lanes, 4 * LANES + part);
      s11.intoArray(lanes, 5 * LANES + part);
      s12.intoArray(lanes, 6 * LANES + part);
      s13.intoArray(lanes, 7 * LANES + part);
      s20.intoArray(lanes, 8 * LANES + part);
      s21.intoArray(lanes, 9 * LANES + part);
      s22.intoArray(lanes, 10 * LANES + part);
      s23.intoArray(lanes, 11 * LANES + part);
      s30.intoArray(lanes, 12 * LANES + part);
      s31.intoArray(lanes, 13 * LANES + part);
      s32.intoArray(lanes, 14 * LANES + part);
      s33.intoArray(lanes, 15 * LANES + part);
    }
  }

  /** The lanes of four rows with one vector. */
  private static void column(
      float[] rows, int at, int width, double[] vectors, int from, double[] lanes) {
    int whole = width - width % LANES;
    for (int part = 0; part < LANES; part += PART) {
      DoubleVector s0 = DoubleVector.zero(DOUBLES);
      DoubleVector s1 = s0;
      DoubleVector s2 = s0;
      DoubleVector s3 = s0;
      for (int j = part; j < whole; j += LANES) {
        DoubleVector v = DoubleVector.fromArray(DOUBLES, vectors, from + j);
        s0 = load(rows, at + j).fma(v, s0);
        s1 = load(rows, at + width + j).fma(v, s1);
        s2 = load(rows, at + 2 * width + j).fma(v, s2);
        s3 = load(rows, at + 3 * width + j).fma(v, s3);
      }
      s0.intoArray(lanes, part);
      s1.intoArray(lanes, LANES + part);
      s2.intoArray(lanes, 2 * LANES + part);
      s3.intoArray(lanes, 3 * LANES + part);
    }
  }

  /** The lanes of one row with one vector. */
  private static void pair(
      float[] rows, int at, int width, double[] vectors, int from, double[] lanes) {
    int whole = width - width % LANES;
    for (int part = 0; part < LANES; part += PART) {
      DoubleVector sum = DoubleVector.zero(DOUBLES);
      for (int j = part; j < whole; j += LANES) {
        sum = load(rows, at + j).fma(DoubleVector.fromArray(DOUBLES, vectors, from + j), sum);
      }
      sum.intoArray(lanes, part);
    }
  }

  /** Takes the elements after the last whole eight into the lanes, and adds these. */
  private static void finish(
      float[] rows,
      int at,
      int rowCount,
      int width,
      double[] vectors,
      int firstColumn,
      int columnCount,
      double[] lanes,
      double[] target,
      int firstRow,
      int columns) {
    int whole = width - width % LANES;
    for (int r = 0; r < rowCount; r++) {
      for (int c = 0; c < columnCount; c++) {
        int first = (r * columnCount + c) * LANES;
        for (int j = whole; j < width; j++) {
          lanes[first + j - whole] =
              Math.fma(
                  rows[at + r * width + j],
                  vectors[(firstColumn + c) * width + j],
                  lanes[first + j - whole]);
        }
        target[(firstRow + r) * columns + firstColumn + c] = sum(lanes, first);
      }
    }
  }

  private static double sum(double[] lanes, int at) {
    double a = (lanes[at] + lanes[at + 4]) + (lanes[at + 2] + lanes[at + 6]);
    double b = (lanes[at + 1] + lanes[at + 5]) + (lanes[at + 3] + lanes[at + 7]);
    return a + b;
  }

  @Override
  public void gram(float[] rows, int from, int count, int width, double[] target) {
    var lanes = new double[BLOCK * LANES];
    for (int i = 0; i < count; i += BLOCK) {
      int upper = Math.min(BLOCK, count - i);
      for (int k = 0; k < i + upper; k++) {
        if (upper == BLOCK) {
          four(rows, from + i * width, width, from + k * width, lanes);
        }
        for (int r = 0; r < upper; r++) {
          int one = from + (i + r) * width;
          int other = from + k * width;
          if (upper < BLOCK) {
            two(rows, one, width, other, lanes, r * LANES);
          }
          for (int j = width - width % LANES; j < width; j++) {
            int lane = r * LANES + j % LANES;
            lanes[lane] = Math.fma(rows[one + j], (double) rows[other + j], lanes[lane]);
          }
          double product = sum(lanes, r * LANES);
          target[(i + r) * count + k] = product;
          target[k * count + i + r] = product;
        }
      }
    }
  }

  /** The lanes of four rows with one. */
  private static void four(float[] rows, int at, int width, int other, double[] lanes) {
    int whole = width - width % LANES;
    for (int part = 0; part < LANES; part += PART) {
      DoubleVector s0 = DoubleVector.zero(DOUBLES);
      DoubleVector s1 = s0;
      DoubleVector s2 = s0;
      DoubleVector s3 = s0;
      for (int j = part; j < whole; j += LANES) {
        DoubleVector v = load(rows, other + j);
        s0 = load(rows, at + j).fma(v, s0);
        s1 = load(rows, at + width + j).fma(v, s1);
        s2 = load(rows, at + 2 * width + j).fma(v, s2);
        s3 = load(rows, at + 3 * width + j).fma(v, s3);
      }
      s0.intoArray(lanes, part);
      s1.intoArray(lanes, LANES + part);
      s2.intoArray(lanes, 2 * LANES + part);
      s3.intoArray(lanes, 3 * LANES + part);
    }
  }

  /** The lanes of one row with another. */
  private static void two(float[] rows, int at, int width, int other, double[] lanes, int first) {
    int whole = width - width % LANES;
    for (int part = 0; part < LANES; part += PART) {
      DoubleVector sum = DoubleVector.zero(DOUBLES);
      for (int j = part; j < whole; j += LANES) {
        sum = load(rows, at + j).fma(load(rows, other + j), sum);
      }
      sum.intoArray(lanes, first + part);
    }
  }

  @Override
  public void accumulate(
      float[] rows,
      int from,
      int count,
      int width,
      double[] factors,
      int columns,
      double[] vectors) {
    int blockedRows = count - count % BLOCK;
    int blockedColumns = columns - columns % BLOCK;
    for (int r = 0; r < blockedRows; r += BLOCK) {
      int at = from + r * width;
      for (int c = 0; c < blockedColumns; c += BLOCK) {
        addBlock(rows, at, width, factors, r * columns + c, columns, vectors, c * width);
      }
      for (int c = blockedColumns; c < columns; c++) {
        addColumn(rows, at, width, factors, r * columns + c, columns, vectors, c * width);
      }
    }
    for (int r = blockedRows; r < count; r++) {
      int at = from + r * width;
      for (int c = 0; c < columns; c++) {
        addPair(rows, at, width, factors[r * columns + c], vectors, c * width);
      }
    }
    int whole = width - width % LANES;
    if (whole < width) {
      addRest(rows, from, count, width, whole, factors, columns, vectors);
    }
  }

  private static void addBlock(
      float[] rows,
      int at,
      int width,
      double[] factors,
      int first,
      int columns,
      double[] vectors,
      int to) {
    DoubleVector f00 = DoubleVector.broadcast(DOUBLES, factors[first]);
    DoubleVector f01 = DoubleVector.broadcast(DOUBLES, factors[first + 1]);
    DoubleVector f02 = DoubleVector.broadcast(DOUBLES, factors[first + 2]);
    DoubleVector f03 = DoubleVector.broadcast(DOUBLES, factors[first + 3]);
    int next = first + columns;
    DoubleVector f10 = DoubleVector.broadcast(DOUBLES, factors[next]);
    DoubleVector f11 = DoubleVector.broadcast(DOUBLES, factors[next + 1]);
    DoubleVector f12 = DoubleVector.broadcast(DOUBLES, factors[next + 2]);
    DoubleVector f13 = DoubleVector.broadcast(DOUBLES, factors[next + 3]);
    next += columns;
    DoubleVector f20 = DoubleVector.broadcast(DOUBLES, factors[next]);
    DoubleVector f21 = DoubleVector.broadcast(DOUBLES, factors[next + 1]);
    DoubleVector f22 = DoubleVector.broadcast(DOUBLES, factors[next + 2]);
    DoubleVector f23 = DoubleVector.broadcast(DOUBLES, factors[next + 3]);
    next += columns;
    DoubleVector f30 = DoubleVector.broadcast(DOUBLES, factors[next]);
    DoubleVector f31 = DoubleVector.broadcast(DOUBLES, factors[next + 1]);
    DoubleVector f32 = DoubleVector.broadcast(DOUBLES, factors[next + 2]);
    DoubleVector f33 = DoubleVector.broadcast(DOUBLES, factors[next + 3]);
    int end = width - width % LANES;
    for (int j = 0; j < end; j += PART) {
      DoubleVector a0 = load(rows, at + j);
      DoubleVector a1 = load(rows, at + width + j);
      DoubleVector a2 = load(rows, at + 2 * width + j);
      DoubleVector a3 = load(rows, at + 3 * width + j);
      DoubleVector y0 = DoubleVector.fromArray(DOUBLES, vectors, to + j);
      a3.fma(f30, a2.fma(f20, a1.fma(f10, a0.fma(f00, y0)))).intoArray(vectors, to + j);
      int at1 = to + width + j;
      DoubleVector y1 = DoubleVector.fromArray(DOUBLES, vectors, at1);
      a3.fma(f31, a2.fma(f21, a1.fma(f11, a0.fma(f01, y1)))).intoArray(vectors, at1);
      int at2 = to + 2 * width + j;
      DoubleVector y2 = DoubleVector.fromArray(DOUBLES, vectors, at2);
      a3.fma(f32, a2.fma(f22, a1.fma(f12, a0.fma(f02, y2)))).intoArray(vectors, at2);
      int at3 = to + 3 * width + j;
      DoubleVector y3 = DoubleVector.fromArray(DOUBLES, vectors, at3);
      a3.fma(f33, a2.fma(f23, a1.fma(f13, a0.fma(f03, y3)))).intoArray(vectors, at3);
    }
  }

  private static void addColumn(
      float[] rows,
      int at,
      int width,
      double[] factors,
      int first,
      int columns,
      double[] vectors,
      int to) {
    DoubleVector f0 = DoubleVector.broadcast(DOUBLES, factors[first]);
    DoubleVector f1 = DoubleVector.broadcast(DOUBLES, factors[first + columns]);
    DoubleVector f2 = DoubleVector.broadcast(DOUBLES, factors[first + 2 * columns]);
    DoubleVector f3 = DoubleVector.broadcast(DOUBLES, factors[first + 3 * columns]);
    int end = width - width % LANES;
    for (int j = 0; j < end; j += PART) {
      DoubleVector y = DoubleVector.fromArray(DOUBLES, vectors, to + j);
      y = load(rows, at + j).fma(f0, y);
      y = load(rows, at + width + j).fma(f1, y);
      y = load(rows, at + 2 * width + j).fma(f2, y);
      y = load(rows, at + 3 * width + j).fma(f3, y);
      y.intoArray(vectors, to + j);
    }
  }

  private static void addPair(
      float[] rows, int at, int width, double factor, double[] vectors, int to) {
    DoubleVector f = DoubleVector.broadcast(DOUBLES, factor);
    int end = width - width % LANES;
    for (int j = 0; j < end; j += PART) {
      DoubleVector y = DoubleVector.fromArray(DOUBLES, vectors, to + j);
      load(rows, at + j).fma(f, y).intoArray(vectors, to + j);
    }
  }

  private static void addRest(
      float[] rows,
      int from,
      int count,
      int width,
      int whole,
      double[] factors,
      int columns,
      double[] vectors) {
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < columns; c++) {
        for (int j = whole; j < width; j++) {
          vectors[c * width + j] =
              Math.fma(
                  rows[from + r * width + j], factors[r * columns + c], vectors[c * width + j]);
        }
      }
    }
  }
}
