package io.tributary.codecs.sketch;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchResult;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** What all sketches do alike: widths, rows that aren't numbers, counts, the head of the state. */
abstract class StreamSketch implements RowSketch {
  private static final int STATE_VERSION = 3;

  final SketchOptions options;
  final SketchKernel kernel;
  final SpaceMeter space;
  final int width;

  /** Rows that are looked at together. */
  final int tile;

  private final String method;
  private final double[] energies;
  private long rows;
  private long skipped;
  private double energy;

  StreamSketch(String method, SketchOptions options, SketchKernel kernel) {
    this.method = method;
    this.options = options;
    this.kernel = kernel;
    this.width = options.width();
    this.space = new SpaceMeter();
    this.tile = kernel.tileRows(width);
    this.energies = space.doubles(tile);
  }

  /** The bytes that this class holds, on a processor. */
  static final long BASE_BYTES = (long) Double.BYTES * SketchKernel.TILE;

  /**
   * Takes some rows, none of them zero or not finite.
   *
   * @param count at most {@link #tile}
   * @param squares the rows' squared lengths, the first at {@code at}
   */
  abstract void take(float[] values, int from, int count, double[] squares, int at);

  @Override
  public final SketchOptions options() {
    return options;
  }

  @Override
  public final void update(float[] values, int from, int count, int rowWidth) {
    if (rowWidth != width) {
      throw Errors.invalidSetting("width of rows for " + method, rowWidth, "" + width);
    }
    for (int i = 0; i < count; i += tile) {
      takeTile(values, from + i * width, Math.min(tile, count - i));
    }
  }

  private void takeTile(float[] values, int from, int count) {
    kernel.energies(values, from, count, width, energies);
    int begin = 0;
    for (int i = 0; i <= count; i++) {
      boolean ordinary = i < count && energies[i] > 0 && energies[i] < Double.POSITIVE_INFINITY;
      if (!ordinary) {
        if (begin < i) {
          takeRun(values, from, begin, i);
        }
        if (i < count) {
          takeOdd(values, from + i * width, energies[i]);
        }
        begin = i + 1;
      }
    }
  }

  private void takeRun(float[] values, int from, int begin, int end) {
    for (int i = begin; i < end; i++) {
      energy += energies[i];
    }
    rows += end - begin;
    take(values, from + begin * width, end - begin, energies, begin);
  }

  /** A row of zeros, or one that isn't finite. */
  private void takeOdd(float[] values, int at, double square) {
    if (square == 0) {
      rows++;
      return;
    }
    if (options.nonFinite() == SketchOptions.NonFiniteRows.REFUSE) {
      int j = 0;
      while (Float.isFinite(values[at + j])) {
        j++;
      }
      throw new TributaryException(
          ErrorCode.NON_FINITE,
          method
              + ", row "
              + rows
              + ", value "
              + j
              + ": expected a finite number, found "
              + values[at + j]);
    }
    rows++;
    skipped++;
  }

  @Override
  public final long rows() {
    return rows;
  }

  /** The sum of the squares of all rows that were taken. */
  final double energy() {
    return energy;
  }

  @Override
  public final long peakBytes() {
    return space.peak();
  }

  /** A result without anything that only some methods know. */
  final SketchResult result(
      SketchResult.Verdict verdict,
      List<SketchResult.Direction> directions,
      List<String> warnings) {
    return new SketchResult(verdict, rows, skipped, energy, directions, 0, false, 0, warnings);
  }

  /** The number of rows left out. */
  final long skipped() {
    return skipped;
  }

  /** The error of a method that can't merge. */
  final TributaryException cannotMerge(String because) {
    return Errors.invalidSetting("merge", method, "a method that merges: " + because);
  }

  /** Takes over another sketch's counts, after checking that it may be merged. */
  final <S extends StreamSketch> S mergeable(RowSketch other, Class<S> type) {
    if (!type.isInstance(other) || other.options().width() != width || other == this) {
      throw Errors.invalidSetting(
          "merge into " + method,
          other == this ? "itself" : other.getClass().getSimpleName() + " of " + other.options(),
          "another one of width " + width);
    }
    StreamSketch ours = (StreamSketch) other;
    rows += ours.rows;
    skipped += ours.skipped;
    energy += ours.energy;
    return type.cast(other);
  }

  @Override
  public final void save(DataOutput out) throws IOException {
    out.writeInt(STATE_VERSION);
    out.writeUTF(method + " " + options);
    out.writeLong(rows);
    out.writeLong(skipped);
    out.writeDouble(energy);
    saveMore(out);
  }

  @Override
  public final void restore(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != STATE_VERSION) {
      throw SavedState.other("version", STATE_VERSION, version);
    }
    String found = in.readUTF();
    if (!found.equals(method + " " + options)) {
      throw SavedState.other("method", method + " " + options, found);
    }
    rows = in.readLong();
    skipped = in.readLong();
    energy = in.readDouble();
    restoreMore(in);
  }

  abstract void saveMore(DataOutput out) throws IOException;

  abstract void restoreMore(DataInput in) throws IOException;
}
