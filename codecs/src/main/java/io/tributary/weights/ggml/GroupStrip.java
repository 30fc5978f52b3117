package io.tributary.weights.ggml;

import java.util.Arrays;

/**
 * Groups of values that are searched side by side, and what is found for them. In {@link #values}
 * and {@link #weights}, value {@code j} of group {@code i} lies at {@code j * GROUPS + i}, so that
 * a vector's lanes are groups. Groups that aren't there are groups of zeros. For one thread.
 */
final class GroupStrip {
  /** Groups of a strip: super-blocks of 16 or 8, or blocks of their own; enough to overlap. */
  static final int GROUPS = 64;

  /** Groups that are taken together. */
  private static final int TOGETHER = 8;

  /** The shorter length. */
  private static final int SHORT = 16;

  /** Values of a group: 16 or 32. */
  final int length;

  final float[] values;

  /** What a squared error of each value counts. */
  final float[] weights;

  /** Of each group, as they lose least. */
  final float[] scales = new float[GROUPS];

  /** What is subtracted after that. */
  final float[] minima = new float[GROUPS];

  /** Numbers as they are stored, of which each group's scale is a multiple. */
  final float[] scaleUnits = new float[GROUPS];

  final float[] minimumUnits = new float[GROUPS];

  /** The multiples, whole numbers. */
  final float[] scaleCodes = new float[GROUPS];

  final float[] minimumCodes = new float[GROUPS];

  /** The same as bytes. */
  final byte[] scaleBytes = new byte[GROUPS];

  final byte[] minimumBytes = new byte[GROUPS];

  /**
   * Of each group, over its values x, weights w and codes c, as they were when the steps were
   * found: sums of w, w x, w c, w c c and w x c.
   */
  final float[] sumW = new float[GROUPS];

  final float[] sumX = new float[GROUPS];
  final float[] sumC = new float[GROUPS];
  final float[] sumCc = new float[GROUPS];
  final float[] sumXc = new float[GROUPS];

  /** Of the values, from 0, in the values' own order: group after group. */
  final byte[] codes;

  /** Where the values came from. */
  float[] source = {};

  /** Of the first value there. */
  int at;

  /** Groups that there are. */
  int groups;

  GroupStrip(int length) {
    this.length = length;
    values = new float[length * GROUPS];
    weights = new float[length * GROUPS];
    codes = new byte[length * GROUPS];
  }

  /** Takes groups that follow each other. */
  void take(float[] x, int at, int groups) {
    source = x;
    this.at = at;
    this.groups = groups;
    if (groups < GROUPS) {
      Arrays.fill(values, 0);
    }
    // With a constant length the compiler drops the checks of bounds: a quarter of the time.
    if (length == SHORT) {
      transpose(x, at, groups, SHORT);
    } else {
      transpose(x, at, groups, length);
    }
  }

  /** Some groups at once: consecutive stores go to one line of the cache. */
  private void transpose(float[] x, int at, int groups, int length) {
    for (int group = 0; group < groups; group += TOGETHER) {
      for (int j = 0; j < length; j++) {
        int from = at + group * length + j;
        int to = j * GROUPS + group;
        for (int i = 0; i < TOGETHER; i++) {
          values[to + i] = x[from + i * length];
        }
      }
    }
  }

  /**
   * Weighs the values of some groups by the importance of their columns: {@code importance *
   * sqrt(share * m + x^2)}, where m is the mean of their squares; by importance alone if the share
   * is infinite.
   *
   * @param column the first one's
   */
  void weigh(int from, int to, float share, float[] importance, int column) {
    float squares = 0;
    for (int i = from; i < to; i++) {
      for (int j = 0; j < length; j++) {
        float value = values[j * GROUPS + i];
        squares += value * value;
      }
    }
    float added = share * squares / ((to - from) * length);
    for (int i = from; i < to; i++) {
      for (int j = 0; j < length; j++) {
        float value = values[j * GROUPS + i];
        float size =
            share == Float.POSITIVE_INFINITY ? 1 : (float) Math.sqrt(added + value * value);
        weights[j * GROUPS + i] = importance[column + (i - from) * length + j] * size;
      }
    }
  }

  /** The largest of some groups' numbers that aren't negative. */
  static float largest(float[] numbers, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, numbers[i]);
    }
    return largest;
  }
}
