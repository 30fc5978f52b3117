package io.tributary.codecs.sketch;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.sketch.OrderDriftDetector;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How the numbers of a sketch's state are written and read. */
final class SavedState {
  private SavedState() {}

  static void write(DataOutput out, float[] values, int from, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      out.writeFloat(values[from + i]);
    }
  }

  static void read(DataInput in, float[] values, int from, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      values[from + i] = in.readFloat();
    }
  }

  static void write(DataOutput out, double[] values, int from, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      out.writeDouble(values[from + i]);
    }
  }

  static void read(DataInput in, double[] values, int from, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      values[from + i] = in.readDouble();
    }
  }

  static void write(DataOutput out, OrderDriftDetector detector) throws IOException {
    double[] state = detector.state();
    write(out, state, 0, state.length);
  }

  static void read(DataInput in, OrderDriftDetector detector) throws IOException {
    double[] state = detector.state();
    read(in, state, 0, state.length);
    detector.restore(state);
  }

  /** Reads a number that must be from 0 to {@code most}. */
  static int readCount(DataInput in, int most, String what) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > most) {
      throw other(what, "0 to " + most, count);
    }
    return count;
  }

  /** The error for a state of another sketch. */
  static TributaryException other(String what, Object expected, Object found) {
    return new TributaryException(
        ErrorCode.STORAGE, "saved sketch: " + what + ": expected " + expected + ", found " + found);
  }
}
