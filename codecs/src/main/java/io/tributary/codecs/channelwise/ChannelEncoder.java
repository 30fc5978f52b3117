package io.tributary.codecs.channelwise;

import io.tributary.codec.CutRows;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Writes messages, see the package page for the drawing. Belongs to one thread; what it found
 * during the last message stays readable.
 */
public final class ChannelEncoder {
  /** From here on values are refused: a grid's ends must be finite. */
  private static final float TOO_LARGE = 0x1p125f;

  /** At most one value in so many is an exception; others are cut off. */
  private static final int EXCEPTION_SHARE = 16;

  private final ChannelKernel kernel;
  private final int channels;

  /** The moments of the last message's quantized rows. */
  public final ChannelMoments moments;

  /** The grid of the last message. */
  public final ChannelGrid grid;

  /** The rows of the last message. */
  public final ChannelRows rows = new ChannelRows();

  private final byte[] even;
  private final int[] suspected;
  private final double[] means;
  private final double[] distances;
  private int[] exceptions = new int[16];
  private int found;

  /** An encoder of messages of so many channels. */
  public ChannelEncoder(ChannelKernel kernel, int channels) {
    this.kernel = kernel;
    this.channels = channels;
    moments = new ChannelMoments(channels);
    grid = new ChannelGrid(channels);
    even = new byte[channels];
    suspected = new int[channels];
    means = new double[channels];
    distances = new double[channels];
  }

  /** The most bytes of a message. */
  public static int maxLength(int rows, int channels) {
    long bytes =
        ChannelHeader.maxLength(rows) + 4L * channels + 2L * rows * channels + 2L * Long.BYTES;
    return Math.toIntExact(bytes);
  }

  /**
   * Writes activations.
   *
   * @param width bits of every channel, or 0 to go by {@code widths}
   * @param version of the table of widths
   * @param sharp see {@link ChannelGrid#fillAsymmetric}
   * @return the message's length
   */
  public int encodeActivations(
      CutRows message,
      int width,
      int version,
      byte[] widths,
      boolean sharp,
      float[] source,
      int from,
      byte[] target,
      int at) {
    measure(message, source, from, target, at, false);
    grid.fillAsymmetric(moments, widthsOf(width, widths), sharp);
    findExceptions(source);
    int next =
        at
            + ChannelHeader.write(
                ChannelHeader.Form.ASYMMETRIC,
                width,
                version,
                grid.exponent,
                channels,
                message,
                target,
                at);
    next = writeHalves(grid.halfSteps, target, next);
    next = writeHalves(grid.halfOffsets, target, next);
    next = pack(source, ChannelKernel.TO_NEAREST, target, next);
    next = writeExceptions(source, target, next);
    for (int i = 0; i < rows.firsts; i++) {
      for (int c = 0; c < channels; c++) {
        next = putHalf(half(source[rows.first[i] + c]), target, next);
      }
    }
    return next - at;
  }

  /**
   * Writes values around zero, such as gradients.
   *
   * @param noise {@link ChannelKernel#TO_NEAREST} or a seed of random rounding
   * @return the message's length
   */
  public int encodeSymmetric(
      CutRows message,
      int width,
      int version,
      byte[] widths,
      int noise,
      float[] source,
      int from,
      byte[] target,
      int at) {
    measure(message, source, from, target, at, true);
    grid.fillSymmetric(moments, widthsOf(width, widths));
    int next =
        at
            + ChannelHeader.write(
                ChannelHeader.Form.SYMMETRIC,
                width,
                version,
                grid.exponent,
                channels,
                message,
                target,
                at);
    next = writeHalves(grid.halfSteps, target, next);
    return pack(source, noise, target, next) - at;
  }

  private byte[] widthsOf(int width, byte[] widths) {
    if (width == 0) {
      return widths;
    }
    Arrays.fill(even, (byte) width);
    return even;
  }

  private void measure(
      CutRows message, float[] source, int from, byte[] target, int at, boolean firstToo) {
    Objects.checkFromIndexSize(from, Math.multiplyExact(message.count(), channels), source.length);
    Objects.checkFromIndexSize(at, maxLength(message.count(), channels), target.length);
    rows.select(message, channels, from, firstToo);
    kernel.measure(source, rows.at, rows.count, moments);
    float largest = moments.largestMagnitude();
    for (int i = 0; i < rows.firsts; i++) {
      for (int c = 0; c < channels; c++) {
        largest = Math.max(largest, Math.abs(source[rows.first[i] + c]));
      }
    }
    if (!(largest < TOO_LARGE)) {
      refuse(source, from, message);
    }
    moments.magnitude = largest;
  }

  private void refuse(float[] source, int from, CutRows message) {
    for (int i = 0; i < rows.count + rows.firsts; i++) {
      int row = i < rows.count ? rows.at[i] : rows.first[i - rows.count];
      for (int c = 0; c < channels; c++) {
        if (!(Math.abs(source[row + c]) < TOO_LARGE)) {
          throw new TributaryException(
              ErrorCode.NON_FINITE,
              "message "
                  + message.message()
                  + ", row "
                  + (row - from) / channels
                  + ", channel "
                  + c
                  + ": expected a number below 2^125, found "
                  + source[row + c]);
        }
      }
    }
  }

  private int half(float x) {
    return HalfFloat.nearest(Math.scalb((double) x, -grid.exponent));
  }

  /** Goes along the rows, as every pass does: columns lie a page or more apart. */
  private void findExceptions(float[] source) {
    found = 0;
    int suspects = 0;
    for (int c = 0; c < channels; c++) {
      double distance = ChannelGrid.outlierDistance(moments, c);
      double mean = moments.mean(c);
      if (moments.least[c] < mean - distance || moments.largest[c] > mean + distance) {
        means[c] = mean;
        distances[c] = distance;
        suspected[suspects++] = c;
      }
    }
    for (int i = 0; i < rows.count; i++) {
      for (int k = 0; k < suspects; k++) {
        int c = suspected[k];
        if (Math.abs(source[rows.at[i] + c] - means[c]) > distances[c]) {
          if (found == exceptions.length) {
            exceptions = Arrays.copyOf(exceptions, 2 * found);
          }
          exceptions[found++] = c * rows.count + i;
        }
      }
    }
    Arrays.sort(exceptions, 0, found);
    found = Math.min(found, rows.count * channels / EXCEPTION_SHARE);
  }

  /** How many values of the last message are exceptions. */
  public int exceptions() {
    return found;
  }

  /** Where an exception of the last message lies: {@code channel * rows + row}, quantized rows. */
  public int exception(int index) {
    return exceptions[index];
  }

  private int pack(float[] source, int noise, byte[] target, int at) {
    int length = (int) grid.packedLength(rows.count);
    kernel.pack(source, rows.at, rows.count, grid, noise, target, at);
    return at + length;
  }

  private int writeExceptions(float[] source, byte[] target, int at) {
    int next = putNumber(found, target, at);
    int before = -1;
    for (int i = 0; i < found; i++) {
      int place = exceptions[i];
      next = putNumber(place - before - 1, target, next);
      float x = source[rows.at[place % rows.count] + place / rows.count];
      next = putHalf(half(x), target, next);
      before = place;
    }
    return next;
  }

  private static int putNumber(int number, byte[] target, int at) {
    int left = number;
    int next = at;
    while (left > 0x7F) {
      target[next++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    target[next++] = (byte) left;
    return next;
  }

  private static int writeHalves(short[] halves, byte[] target, int at) {
    int next = at;
    for (short half : halves) {
      next = putHalf(half, target, next);
    }
    return next;
  }

  private static int putHalf(int half, byte[] target, int at) {
    target[at] = (byte) half;
    target[at + 1] = (byte) (half >>> Byte.SIZE);
    return at + Short.BYTES;
  }
}
