package io.tributary.codecs.sketch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The rows of largest squared length so far, in a fixed number of slots: as float32, or as 8-bit
 * integers with a scale for each row. A row that makes place for a longer one comes out as it was
 * held, so that with 32 bits no information is lost.
 */
final class HeavyRows {
  private static final float LARGEST_CODE = 127f;

  private final SketchKernel kernel;
  private final int width;
  private final int slots;
  private final boolean narrow;
  private final float[] values;
  private final byte[] codes;
  private final float[] scales;
  private final double[] energies;
  private final boolean[] fresh;
  private final float[] row;
  private final double[] column;
  private final double[] line;
  private final double[] factors;
  private int count;
  private int smallest;

  /**
   * No rows.
   *
   * @param columns the most vectors that rows are multiplied with
   * @param row a work space for one row
   * @param column a work space for one row in float64
   */
  HeavyRows(
      SketchKernel kernel,
      int width,
      int slots,
      int bits,
      int columns,
      float[] row,
      double[] column,
      SpaceMeter space) {
    this.kernel = kernel;
    this.width = width;
    this.slots = slots;
    this.row = row;
    this.column = column;
    narrow = bits == 8;
    values = space.floats(narrow ? 0 : slots * width);
    codes = space.bytes(narrow ? slots * width : 0);
    scales = space.floats(narrow ? slots : 0);
    energies = space.doubles(slots);
    fresh = space.booleans(slots);
    line = space.doubles(slots);
    factors = space.doubles(columns);
  }

  /** The bytes of the arrays. */
  static long bytes(int width, int slots, int bits, int columns) {
    long slot = bits == 8 ? width + Float.BYTES : (long) Float.BYTES * width;
    return slots * (slot + 2 * Double.BYTES + 1) + (long) Double.BYTES * columns;
  }

  int count() {
    return count;
  }

  /** The sum of the rows' squared lengths. */
  double energy() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += energies[i];
    }
    return sum;
  }

  boolean isFull() {
    return count == slots;
  }

  /** Whether a row of a squared length belongs here; of equal ones the first does. */
  boolean admits(double energy) {
    return count < slots || (slots > 0 && energy > energies[smallest]);
  }

  /** Whether a row came after the last call of {@link #settle}. */
  boolean isFresh(int slot) {
    return fresh[slot];
  }

  /** No row that is held is fresh any more. */
  void settle() {
    Arrays.fill(fresh, false);
  }

  /** Rows of at least a squared length. */
  int countFrom(double energy) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      found += energies[i] >= energy ? 1 : 0;
    }
    return found;
  }

  /** Takes a row into a free slot. */
  void add(float[] rows, int at, double energy) {
    put(count, rows, at, energy);
    count++;
    findSmallest();
  }

  /**
   * Takes a row in the smallest one's place; that one goes into {@code evicted}.
   *
   * @return whether that one was fresh
   */
  boolean replaceSmallest(float[] rows, int at, double energy, float[] evicted) {
    boolean wasFresh = fresh[smallest];
    get(smallest, evicted);
    put(smallest, rows, at, energy);
    findSmallest();
    return wasFresh;
  }

  private void put(int slot, float[] rows, int at, double energy) {
    energies[slot] = energy;
    fresh[slot] = true;
    if (!narrow) {
      System.arraycopy(rows, at, values, slot * width, width);
      return;
    }
    float largest = 0;
    for (int j = 0; j < width; j++) {
      largest = Math.max(largest, Math.abs(rows[at + j]));
    }
    float scale = largest / LARGEST_CODE;
    if (scale * LARGEST_CODE > Float.MAX_VALUE) {
      scale = Math.nextDown(scale);
    }
    scales[slot] = scale;
    for (int j = 0; j < width; j++) {
      // A scale below the normal numbers is coarse: the quotient may be too large for a byte.
      double code = scale == 0 ? 0 : Math.rint(rows[at + j] / scale);
      codes[slot * width + j] = (byte) Math.max(-LARGEST_CODE, Math.min(LARGEST_CODE, code));
    }
  }

  private void get(int slot, float[] target) {
    if (!narrow) {
      System.arraycopy(values, slot * width, target, 0, width);
      return;
    }
    for (int j = 0; j < width; j++) {
      target[j] = codes[slot * width + j] * scales[slot];
    }
  }

  private void findSmallest() {
    smallest = 0;
    for (int i = 1; i < count; i++) {
      if (energies[i] < energies[smallest]) {
        smallest = i;
      }
    }
  }

  /** The products of all rows with each other, {@code HHᵀ}. */
  void gram(double[] target) {
    if (!narrow) {
      kernel.gram(values, 0, count, width, target);
      return;
    }
    for (int i = 0; i < count; i++) {
      get(i, row);
      for (int j = 0; j < width; j++) {
        column[j] = row[j];
      }
      products(column, 1, line);
      System.arraycopy(line, 0, target, i * count, count);
    }
  }

  /** As {@link SketchKernel#products}. */
  void products(double[] vectors, int columns, double[] target) {
    if (!narrow) {
      kernel.products(values, 0, count, width, vectors, columns, target);
      return;
    }
    for (int i = 0; i < count; i++) {
      get(i, row);
      kernel.products(row, 0, 1, width, vectors, columns, factors);
      System.arraycopy(factors, 0, target, i * columns, columns);
    }
  }

  /** As {@link SketchKernel#accumulate}. */
  void accumulate(double[] factorsOfRows, int columns, double[] vectors) {
    if (!narrow) {
      kernel.accumulate(values, 0, count, width, factorsOfRows, columns, vectors);
      return;
    }
    for (int i = 0; i < count; i++) {
      get(i, row);
      System.arraycopy(factorsOfRows, i * columns, factors, 0, columns);
      kernel.accumulate(row, 0, 1, width, factors, columns, vectors);
    }
  }

  void save(DataOutput out) throws IOException {
    out.writeInt(count);
    for (int i = 0; i < count; i++) {
      out.writeDouble(energies[i]);
      out.writeBoolean(fresh[i]);
      if (narrow) {
        out.writeFloat(scales[i]);
        out.write(codes, i * width, width);
      } else {
        SavedState.write(out, values, i * width, width);
      }
    }
  }

  void restore(DataInput in) throws IOException {
    count = SavedState.readCount(in, slots, "heavy rows");
    for (int i = 0; i < count; i++) {
      energies[i] = in.readDouble();
      fresh[i] = in.readBoolean();
      if (narrow) {
        scales[i] = in.readFloat();
        in.readFully(codes, i * width, width);
      } else {
        SavedState.read(in, values, i * width, width);
      }
    }
    findSmallest();
  }
}
