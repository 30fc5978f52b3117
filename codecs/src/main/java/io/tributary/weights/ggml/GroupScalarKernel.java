package io.tributary.weights.ggml;

import static io.tributary.weights.ggml.GroupStrip.GROUPS;

/** The definition: one group after the other, its values in their order. */
final class GroupScalarKernel implements GroupKernel {
  /** Groups whose values are this near to each other, or to 0, are flat. */
  static final float TINY = 1e-15f;

  /** Added to a number, it leaves the nearest whole one in the low bits, of two the even one. */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  private float[] pulls = {};

  /** The whole number nearest to {@code value * factor}, within bounds. */
  private static float code(float value, float factor, int least, int most) {
    return Float.intBitsToFloat(bits(value, factor, least, most)) - ROUNDER;
  }

  /** The same, still with the rounder: as bits, its numbers have the order of whole ones. */
  private static int bits(float value, float factor, int least, int most) {
    int bits = Float.floatToRawIntBits(Math.fma(value, factor, ROUNDER));
    return Math.min(Math.max(bits, ROUNDER_BITS + least), ROUNDER_BITS + most);
  }

  /** 0 for 0. */
  private static float inverse(float number) {
    return number == 0 ? 0 : 1 / number;
  }

  private static float meanSquare(GroupStrip strip, int group) {
    float squares = 0;
    for (int k = group; k < strip.values.length; k += GROUPS) {
      squares = Math.fma(strip.values[k], strip.values[k], squares);
    }
    return squares / strip.length;
  }

  @Override
  public void weighBySize(GroupStrip strip, float share) {
    for (int i = 0; i < GROUPS; i++) {
      float root = share * (float) Math.sqrt(meanSquare(strip, i));
      for (int k = i; k < strip.values.length; k += GROUPS) {
        strip.weights[k] = root + Math.abs(strip.values[k]);
      }
    }
  }

  @Override
  public void weighBySquare(GroupStrip strip) {
    for (int i = 0; i < GROUPS; i++) {
      float added = meanSquare(strip, i);
      for (int k = i; k < strip.values.length; k += GROUPS) {
        strip.weights[k] = Math.fma(strip.values[k], strip.values[k], added);
      }
    }
  }

  @Override
  public void affine(GroupStrip strip, int most, Trials trials) {
    if (pulls.length < strip.values.length) {
      pulls = new float[strip.values.length];
    }
    for (int i = 0; i < GROUPS; i++) {
      affine(strip, i, most, trials);
    }
  }

  private void affine(GroupStrip strip, int group, int most, Trials trials) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    float low = 0;
    float high = values[group];
    float sum = 0;
    float sumX = 0;
    for (int k = group; k < values.length; k += GROUPS) {
      low = Math.min(low, values[k]);
      high = Math.max(high, values[k]);
      sum += weights[k];
      sumX = Math.fma(weights[k], values[k], sumX);
    }
    float span = high - low;
    float scale = 0;
    float minimum = -low;
    if (span >= TINY && span < Float.POSITIVE_INFINITY) {
      scale = span / most;
      float mean = sum > 0 ? sumX / sum : 0;
      for (int k = group; k < values.length; k += GROUPS) {
        pulls[k] = weights[k] * (values[k] - mean);
      }
      // The squared error is that about the mean less the gain, which takes one pass; a minimum may
      // not be above 0, where the scale alone is fitted.
      float best = 0;
      for (int t = 0; t < trials.count(); t++) {
        float factor = (most + trials.spread(t)) / (high + minimum);
        float sumC = 0;
        float sumCc = 0;
        float pull = 0;
        for (int k = group; k < values.length; k += GROUPS) {
          float code = code(values[k] + minimum, factor, 0, most);
          float share = weights[k] * code;
          sumC += share;
          sumCc = Math.fma(share, code, sumCc);
          pull = Math.fma(pulls[k], code, pull);
        }
        float part = sumC / sum;
        float spread = Math.fma(-part, sumC, sumCc);
        float newScale = pull / spread;
        float newLow = Math.fma(-newScale, part, mean);
        float gain = newScale * pull;
        if (newLow > 0) {
          float whole = Math.fma(mean, sumC, pull);
          newLow = 0;
          newScale = whole / sumCc;
          gain = Math.fma(newScale, whole, -(mean * sumX));
        }
        if (spread > 0 && gain > best) {
          best = gain;
          scale = newScale;
          minimum = 0 - newLow;
        }
      }
    }
    strip.scales[group] = scale;
    strip.minima[group] = minimum;
  }

  @Override
  public void symmetric(GroupStrip strip, int most, Trials trials) {
    for (int i = 0; i < GROUPS; i++) {
      symmetric(strip, i, most, trials);
    }
  }

  private static void symmetric(GroupStrip strip, int group, int most, Trials trials) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    float low = 0;
    float high = 0;
    for (int k = group; k < values.length; k += GROUPS) {
      low = Math.min(low, values[k]);
      high = Math.max(high, values[k]);
    }
    float largest = high < -low ? low : high;
    float scale = 0;
    if (Math.abs(largest) >= TINY) {
      float best = 0;
      for (int t = 0; t < trials.count(); t++) {
        float factor = -(most + trials.spread(t)) / largest;
        float along = 0;
        float squares = 0;
        for (int k = group; k < values.length; k += GROUPS) {
          float code = code(values[k], factor, -most, most - 1);
          float share = weights[k] * code;
          along = Math.fma(share, values[k], along);
          squares = Math.fma(share, code, squares);
        }
        float newScale = along / squares;
        float gain = newScale * along;
        if (squares > 0 && gain > best) {
          best = gain;
          scale = newScale;
        }
      }
    }
    strip.scales[group] = scale;
  }

  @Override
  public void affineSteps(GroupStrip strip, int most, int mostScale) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    for (int i = 0; i < GROUPS; i++) {
      float unit = strip.scaleUnits[i];
      float minimumUnit = strip.minimumUnits[i];
      float scale = code(strip.scales[i], inverse(unit), 0, mostScale);
      float minimum = code(strip.minima[i], inverse(minimumUnit), 0, mostScale);
      float below = minimumUnit * minimum;
      float factor = inverse(unit * scale);
      float sum = 0;
      float sumX = 0;
      float sumC = 0;
      float sumCc = 0;
      float sumXc = 0;
      for (int k = i; k < values.length; k += GROUPS) {
        float code = code(values[k] + below, factor, 0, most);
        float share = weights[k] * code;
        sum += weights[k];
        sumX = Math.fma(weights[k], values[k], sumX);
        sumC += share;
        sumCc = Math.fma(share, code, sumCc);
        sumXc = Math.fma(share, values[k], sumXc);
      }
      if (sumCc > 0) {
        scale = code(Math.fma(below, sumC, sumXc) / sumCc, inverse(unit), 0, mostScale);
        float wanted = Math.fma(unit * scale, sumC, -sumX) / sum;
        minimum = code(wanted, inverse(minimumUnit), 0, mostScale);
      }
      strip.scaleCodes[i] = scale;
      strip.scaleBytes[i] = (byte) scale;
      strip.minimumCodes[i] = minimum;
      strip.minimumBytes[i] = (byte) minimum;
      strip.sumW[i] = sum;
      strip.sumX[i] = sumX;
      strip.sumC[i] = sumC;
      strip.sumCc[i] = sumCc;
      strip.sumXc[i] = sumXc;
    }
  }

  @Override
  public void symmetricSteps(GroupStrip strip, int most, int mostScale) {
    float[] values = strip.values;
    float[] weights = strip.weights;
    for (int i = 0; i < GROUPS; i++) {
      float unit = strip.scaleUnits[i];
      float scale = code(strip.scales[i], inverse(unit), -mostScale, mostScale - 1);
      float factor = inverse(unit * scale);
      float along = 0;
      float squares = 0;
      for (int k = i; k < values.length; k += GROUPS) {
        float code = code(values[k], factor, -most, most - 1);
        float share = weights[k] * code;
        along = Math.fma(share, values[k], along);
        squares = Math.fma(share, code, squares);
      }
      if (squares > 0) {
        scale = code(along / squares, inverse(unit), -mostScale, mostScale - 1);
      }
      strip.scaleCodes[i] = scale;
      strip.scaleBytes[i] = (byte) scale;
      strip.sumXc[i] = along;
      strip.sumCc[i] = squares;
    }
  }

  @Override
  public void affineCodes(GroupStrip strip, int most) {
    for (int i = 0; i < strip.groups; i++) {
      float below = strip.minimumUnits[i] * strip.minimumCodes[i];
      codes(strip, i, below, strip.scaleUnits[i] * strip.scaleCodes[i], 0, most);
    }
  }

  @Override
  public void symmetricCodes(GroupStrip strip, int most) {
    for (int i = 0; i < strip.groups; i++) {
      codes(strip, i, 0, strip.scaleUnits[i] * strip.scaleCodes[i], -most, most - 1);
    }
  }

  private static void codes(
      GroupStrip strip, int group, float below, float scale, int least, int most) {
    float factor = inverse(scale);
    int from = group * strip.length;
    for (int k = from; k < from + strip.length; k++) {
      int bits = bits(strip.source[strip.at + k] + below, factor, least, most);
      strip.codes[k] = (byte) (bits - ROUNDER_BITS - least);
    }
  }
}
