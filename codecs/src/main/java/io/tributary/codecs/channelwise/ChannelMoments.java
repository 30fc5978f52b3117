package io.tributary.codecs.channelwise;

import java.util.Arrays;

/**
 * What one pass over rows tells of each channel: extremes, and sums of the distances to the first
 * row and of their squares. Sums run in the order of rows, channel by channel, so that all kernels
 * get the same bits. Belongs to one thread.
 */
public final class ChannelMoments {
  /** The least value of each channel; 0 without rows. */
  public final float[] least;

  /** The largest value of each channel; 0 without rows. */
  public final float[] largest;

  /** The first row. */
  final float[] first;

  /** The sum of {@code x - first}. */
  final float[] sums;

  /** The sum of {@code (x - first)^2}, each by an fma. */
  final float[] squares;

  /** The number of rows. */
  int rows;

  /** The largest magnitude of the message, rows that take no part in moments included. */
  float magnitude;

  /** Moments of nothing. */
  public ChannelMoments(int channels) {
    least = new float[channels];
    largest = new float[channels];
    first = new float[channels];
    sums = new float[channels];
    squares = new float[channels];
  }

  /** Forgets everything and begins with the first of so many rows, which lies at {@code at}. */
  void begin(float[] source, int at, int number) {
    rows = number;
    if (number == 0) {
      Arrays.fill(least, 0);
      Arrays.fill(largest, 0);
      Arrays.fill(first, 0);
    } else {
      System.arraycopy(source, at, first, 0, first.length);
      System.arraycopy(first, 0, least, 0, first.length);
      System.arraycopy(first, 0, largest, 0, first.length);
    }
    Arrays.fill(sums, 0);
    Arrays.fill(squares, 0);
  }

  /** Takes over what another has found. */
  public void copyFrom(ChannelMoments other) {
    System.arraycopy(other.least, 0, least, 0, least.length);
    System.arraycopy(other.largest, 0, largest, 0, least.length);
    System.arraycopy(other.first, 0, first, 0, least.length);
    System.arraycopy(other.sums, 0, sums, 0, least.length);
    System.arraycopy(other.squares, 0, squares, 0, least.length);
    rows = other.rows;
    magnitude = other.magnitude;
  }

  /** The number of channels. */
  public int channels() {
    return least.length;
  }

  /** The mean of a channel. */
  public double mean(int channel) {
    return rows == 0 ? 0 : first[channel] + (double) sums[channel] / rows;
  }

  /** The variance of a channel; infinite or NaN where squares are beyond float32. */
  public double variance(int channel) {
    if (rows == 0) {
      return 0;
    }
    double off = (double) sums[channel] / rows;
    double variance = (double) squares[channel] / rows - off * off;
    return variance < 0 ? 0 : variance;
  }

  /** The largest magnitude of all channels. */
  float largestMagnitude() {
    float found = 0;
    for (int c = 0; c < least.length; c++) {
      found = Math.max(found, Math.max(Math.abs(least[c]), Math.abs(largest[c])));
    }
    return found;
  }
}
