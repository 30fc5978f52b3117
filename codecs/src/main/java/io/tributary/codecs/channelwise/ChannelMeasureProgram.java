package io.tributary.codecs.channelwise;

/** Measures channels on an OpenCL device: a work item for each, since sums have their order. */
final class ChannelMeasureProgram extends ChannelProgram {
  float[] source = new float[0];
  float[] first = new float[0];
  float[] least = new float[0];
  float[] largest = new float[0];
  float[] sums = new float[0];
  float[] squares = new float[0];

  /** Takes over moments; on the lane's thread. */
  void begin(ChannelMoments moments) {
    channels = moments.channels();
    if (first.length != channels) {
      source = new float[rowsAtOnce(channels) * channels];
      first = new float[channels];
      least = new float[channels];
      largest = new float[channels];
      sums = new float[channels];
      squares = new float[channels];
    }
    System.arraycopy(moments.first, 0, first, 0, channels);
    System.arraycopy(moments.least, 0, least, 0, channels);
    System.arraycopy(moments.largest, 0, largest, 0, channels);
    System.arraycopy(moments.sums, 0, sums, 0, channels);
    System.arraycopy(moments.squares, 0, squares, 0, channels);
    put(first).put(least).put(largest).put(sums).put(squares);
  }

  /** Lays rows onto the device; on the lane's thread. */
  void load(float[] values, int[] at, int row, int count) {
    rows = count;
    gather(values, at, row, count, channels, source);
    put(source);
  }

  /** Fetches moments; on the lane's thread. */
  void end(ChannelMoments moments) {
    get(least).get(largest).get(sums).get(squares);
    System.arraycopy(least, 0, moments.least, 0, channels);
    System.arraycopy(largest, 0, moments.largest, 0, channels);
    System.arraycopy(sums, 0, moments.sums, 0, channels);
    System.arraycopy(squares, 0, moments.squares, 0, channels);
  }

  @Override
  public void run() {
    int channel = getGlobalId();
    if (channel < channels) {
      measure(channel);
    }
  }

  private void measure(int c) {
    float origin = first[c];
    float low = least[c];
    float high = largest[c];
    float sum = sums[c];
    float square = squares[c];
    for (int i = 0; i < rows; i++) {
      float x = source[i * channels + c];
      float off = x - origin;
      low = lower(low, x);
      high = higher(high, x);
      sum = sum + off;
      square = fma(off, off, square);
    }
    least[c] = low;
    largest[c] = high;
    sums[c] = sum;
    squares[c] = square;
  }

  /** Minus zero lies below zero. */
  private float lower(float low, float x) {
    float result = x < low ? x : low;
    if (x == 0f) {
      if (low == 0f) {
        result = signOf(x) > signOf(low) ? x : low;
      }
    }
    return result;
  }

  /** What is no number counts as infinite: either is refused. */
  private float higher(float high, float x) {
    float result = x > high ? x : high;
    if (x == 0f) {
      if (high == 0f) {
        result = signOf(x) < signOf(high) ? x : high;
      }
    }
    return abs(x) <= 3.4028235E38f ? result : 1f / 0f;
  }
}
