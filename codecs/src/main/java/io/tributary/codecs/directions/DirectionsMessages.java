package io.tributary.codecs.directions;

import static io.tributary.codecs.channelwise.ChannelHeader.expect;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.channelwise.ChannelHeader;
import io.tributary.codecs.channelwise.ChannelRows;
import io.tributary.codecs.channelwise.CutBounds;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/** Writes and reads messages of either direction. Belongs to one thread. */
final class DirectionsMessages {
  /** The most directions. */
  static final int MOST = 4;

  private static final double LEAST_BITS = 0.1;
  private static final double MOST_BITS = 12;
  private static final double LEAST_ERROR = 1e-4;
  private static final double MOST_ERROR = 0.99;
  private static final int MOST_EXPONENT = 160;
  private static final int FIXED_BYTES = 2;

  /** Bits of a part's largest amount, beside one for half of that and one for the sign. */
  private static final int PART_BITS = 6;

  private final CutPlan plan;
  private final CodecRegistry codecs;
  private final TensorCodec half;
  private final TensorCodec plain;
  private final ChannelRows selected = new ChannelRows();
  private final float[] direction;
  private float[] turned = new float[0];
  private float[] left = new float[0];
  private float[] parts = new float[0];
  private byte[] shorter = new byte[0];

  DirectionsMessages(CodecRegistry codecs, CutPlan plan) {
    this.codecs = codecs;
    this.plan = plan;
    half = codecs.codec("fp16");
    double bits = Math.max(LEAST_BITS, Math.min(plan.budgetBits(), MOST_BITS));
    // Two places, so that there are not too many codecs of a kind.
    plain = codecs.codec(String.format(Locale.ROOT, "ecq:%.2fb", bits));
    direction = new float[plan.channels()];
  }

  /** The most bytes of a message; one with directions is never longer than one without. */
  int maxLength(int rows) {
    int body = codecs.codec("ecq").maxEncodedLength(plan.values(rows));
    return Math.addExact(ChannelHeader.maxLength(rows) + FIXED_BYTES, body);
  }

  /** The rows of the message last written or read. */
  ChannelRows rows() {
    return selected;
  }

  /**
   * Writes a message.
   *
   * @param what the values are, for errors
   * @param basis directions of length 1, one behind the other, exact in half precision
   * @param count how many of them to try
   */
  int encode(
      String what,
      CutRows rows,
      float[] basis,
      int count,
      float[] source,
      int from,
      byte[] target,
      int at) {
    CutBounds.checkRows(rows, plan);
    int channels = plan.channels();
    Objects.checkFromIndexSize(from, plan.values(rows.count()), source.length);
    Objects.checkFromIndexSize(at, maxLength(rows.count()), target.length);
    CutBounds.checkFinite(what, rows, source, from, channels);
    int head =
        ChannelHeader.write(
            ChannelHeader.Form.OTHER, 0, 0, 0, channels, rows.withoutSamples(), target, at);
    selected.select(rows, channels, from, true);
    int values = selected.count * channels;
    turn(source, values);
    int begin = at + head;
    target[begin] = 0;
    target[begin + 1] = 0;
    int length = plain.encode(turned, 0, values, target, begin + FIXED_BYTES);
    if (count > 0 && values > 0) {
      double error = distance(target, begin + FIXED_BYTES, length, values);
      int with = withDirections(basis, count, values, error);
      if (with < FIXED_BYTES + length) {
        System.arraycopy(shorter, 0, target, begin, with);
        return head + with;
      }
    }
    return head + FIXED_BYTES + length;
  }

  /** Brings the values of each channel together. */
  private void turn(float[] source, int values) {
    int channels = plan.channels();
    if (turned.length < values) {
      turned = new float[values];
      left = new float[values];
    }
    for (int i = 0; i < selected.count; i++) {
      for (int c = 0; c < channels; c++) {
        turned[c * selected.count + i] = source[selected.at[i] + c];
      }
    }
  }

  /** How far what comes back of a payload is from the turned values. */
  private double distance(byte[] payload, int at, int length, int values) {
    plain.decode(payload, at, length, values, left, 0);
    double sum = 0;
    for (int i = 0; i < values; i++) {
      double off = (double) left[i] - turned[i];
      sum += off * off;
    }
    return Math.sqrt(sum);
  }

  /**
   * Leaves a body with directions in {@link #shorter}; returns its length, or the largest number if
   * there is none at that error.
   */
  private int withDirections(float[] basis, int count, int values, double error) {
    int channels = plan.channels();
    int rows = selected.count;
    int most =
        FIXED_BYTES
            + count * (2 + half.maxEncodedLength(channels) + rows)
            + codecs.codec("ecq").maxEncodedLength(values);
    if (shorter.length < most) {
      shorter = new byte[most];
    }
    shorter[0] = (byte) count;
    shorter[1] = 0;
    int next = FIXED_BYTES + 2 * count;
    next += half.encode(basis, 0, count * channels, shorter, next);
    System.arraycopy(turned, 0, left, 0, values);
    for (int k = 0; k < count; k++) {
      takeParts(basis, k * channels);
      int exponent = exponentOf(rows);
      shorter[FIXED_BYTES + 2 * k] = (byte) exponent;
      shorter[FIXED_BYTES + 2 * k + 1] = (byte) (exponent >> Byte.SIZE);
      writeParts(exponent, rows, next);
      readParts(shorter, next, exponent, rows);
      next += rows;
      System.arraycopy(basis, k * channels, direction, 0, channels);
      add(left, -1);
    }
    double length = 0;
    for (int i = 0; i < values; i++) {
      length += (double) left[i] * left[i];
    }
    double relative = length > 0 ? error / Math.sqrt(length) : MOST_ERROR;
    if (relative < LEAST_ERROR) {
      return Integer.MAX_VALUE; // more exact than the coder can be asked to be
    }
    // Down to three places, for the number of codecs again.
    double met = Math.min(relative, MOST_ERROR);
    double unit = StrictMath.pow(10, Math.floor(StrictMath.log10(met)) - 2);
    String text =
        String.format(
            Locale.ROOT, "ecq:%.6frel", Math.max(LEAST_ERROR, Math.floor(met / unit) * unit));
    return next + codecs.codec(text).encode(left, 0, values, shorter, next);
  }

  /** The parts of what is left of all rows along a direction. */
  private void takeParts(float[] basis, int at) {
    int rows = selected.count;
    if (parts.length < rows) {
      parts = new float[rows];
    }
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int c = 0; c < plan.channels(); c++) {
        sum += (double) left[c * rows + i] * basis[at + c];
      }
      parts[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, sum));
    }
  }

  private int exponentOf(int rows) {
    float largest = 0;
    for (int i = 0; i < rows; i++) {
      largest = Math.max(largest, Math.abs(parts[i]));
    }
    return largest > 0 ? Math.getExponent(largest) : 0;
  }

  /** Writes the parts as bytes, in units of {@code 2^(exponent - 6)}. */
  private void writeParts(int exponent, int rows, int at) {
    double factor = Math.scalb(1.0, PART_BITS - exponent);
    for (int i = 0; i < rows; i++) {
      double code = Math.rint(parts[i] * factor);
      shorter[at + i] = (byte) Math.max(-Byte.MAX_VALUE, Math.min(Byte.MAX_VALUE, code));
    }
  }

  private void readParts(byte[] source, int at, int exponent, int rows) {
    double unit = Math.scalb(1.0, exponent - PART_BITS);
    for (int i = 0; i < rows; i++) {
      double part = source[at + i] * unit;
      parts[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, part));
    }
  }

  /** Adds parts times direction, times 1 or -1. */
  private void add(float[] turnedValues, float sign) {
    int rows = selected.count;
    for (int c = 0; c < plan.channels(); c++) {
      float factor = sign * direction[c];
      for (int i = 0; i < rows; i++) {
        float sum = Math.fma(factor, parts[i], turnedValues[c * rows + i]);
        turnedValues[c * rows + i] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, sum));
      }
    }
  }

  /** Reads a message. */
  CutRows decode(byte[] source, int at, int length, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    ChannelHeader head = ChannelHeader.read(source, at, length, plan.maxRows(), Integer.MAX_VALUE);
    int channels = plan.channels();
    expect(head.form() == ChannelHeader.Form.OTHER, 0, "form 3");
    expect(head.channels() == channels, 8, channels + " channels, found " + head.channels());
    expect(head.version() == 0, 16, "no table");
    CutRows rows = head.rows();
    Objects.checkFromIndexSize(from, plan.values(rows.count()), target.length);
    selected.select(rows, channels, from, true);
    int begin = at + head.length();
    int end = at + length;
    expect(end - begin >= FIXED_BYTES, length, "a number of directions");
    int count = source[begin];
    expect(count >= 0 && count <= MOST, head.length(), "0 to " + MOST + " directions");
    expect(source[begin + 1] == 0, head.length() + 1, "a reserved byte to be 0");
    int values = selected.count * channels;
    int apart = count * (2 + 2 * channels + selected.count);
    expect(end - begin - FIXED_BYTES >= apart, length, apart + " bytes of directions");
    if (turned.length < values) {
      turned = new float[values];
      left = new float[values];
    }
    int payload = begin + FIXED_BYTES + apart;
    plain.decode(source, payload, end - payload, values, turned, 0);
    addDirections(source, begin + FIXED_BYTES, at, count);
    if (rows.hasKinds()) {
      Arrays.fill(target, from, from + plan.values(rows.count()), 0f);
    }
    for (int i = 0; i < selected.count; i++) {
      for (int c = 0; c < channels; c++) {
        target[selected.at[i] + c] = turned[c * selected.count + i];
      }
    }
    return rows;
  }

  private void addDirections(byte[] source, int exponents, int at, int count) {
    int channels = plan.channels();
    int rows = selected.count;
    if (parts.length < rows) {
      parts = new float[rows];
    }
    int directions = exponents + 2 * count;
    int itsParts = directions + 2 * count * channels;
    for (int k = 0; k < count; k++) {
      int exponent = (source[exponents + 2 * k] & 0xFF) | source[exponents + 2 * k + 1] << 8;
      expect(Math.abs(exponent) <= MOST_EXPONENT, exponents + 2L * k - at, "an exponent near 0");
      half.decode(source, directions + 2 * k * channels, 2 * channels, channels, direction, 0);
      int offset = directions + 2 * k * channels - at;
      for (int c = 0; c < channels; c++) {
        expect(Math.abs(direction[c]) <= Float.MAX_VALUE, offset + 2L * c, "a finite number");
      }
      readParts(source, itsParts + k * rows, exponent, rows);
      add(turned, 1);
    }
  }
}
