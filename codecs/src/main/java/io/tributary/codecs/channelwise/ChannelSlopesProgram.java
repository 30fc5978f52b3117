package io.tributary.codecs.channelwise;

/**
 * Sums the gates' slopes on an OpenCL device: a work item a channel, since sums have their order.
 */
final class ChannelSlopesProgram extends ChannelProgram {
  float[] source = new float[0];
  float[] gradients = new float[0];
  float[] sums = new float[0];
  float[] coarseOffsets = new float[0];
  float[] coarseSteps = new float[0];
  float[] coarseReciprocals = new float[0];
  float[] coarseTops = new float[0];
  float[] fineOffsets = new float[0];
  float[] fineSteps = new float[0];
  float[] fineReciprocals = new float[0];
  float[] fineTops = new float[0];

  /** Takes over grids and sums; on the lane's thread. */
  void begin(ChannelGrid coarse, ChannelGrid fine, float[] slopes) {
    channels = slopes.length;
    if (sums.length != channels) {
      source = new float[rowsAtOnce(channels) * channels];
      gradients = new float[source.length];
      sums = new float[channels];
    }
    System.arraycopy(slopes, 0, sums, 0, channels);
    coarseOffsets = coarse.offsets;
    coarseSteps = coarse.steps;
    coarseReciprocals = coarse.reciprocals;
    coarseTops = coarse.tops;
    fineOffsets = fine.offsets;
    fineSteps = fine.steps;
    fineReciprocals = fine.reciprocals;
    fineTops = fine.tops;
    put(sums).put(coarseOffsets).put(coarseSteps).put(coarseReciprocals).put(coarseTops);
    put(fineOffsets).put(fineSteps).put(fineReciprocals).put(fineTops);
  }

  /** Lays rows onto the device; on the lane's thread. */
  void load(float[] values, int[] at, float[] slopes, int[] slopesAt, int row, int count) {
    rows = count;
    gather(values, at, row, count, channels, source);
    gather(slopes, slopesAt, row, count, channels, gradients);
    put(source).put(gradients);
  }

  /** Fetches sums; on the lane's thread. */
  void end(float[] slopes) {
    get(sums);
    System.arraycopy(sums, 0, slopes, 0, channels);
  }

  @Override
  public void run() {
    int channel = getGlobalId();
    if (channel < channels) {
      sumRows(channel);
    }
  }

  private void sumRows(int c) {
    float sum = sums[c];
    for (int i = 0; i < rows; i++) {
      float x = source[i * channels + c];
      float above = value(x, fineOffsets[c], fineSteps[c], fineReciprocals[c], fineTops[c]);
      float below = value(x, coarseOffsets[c], coarseSteps[c], coarseReciprocals[c], coarseTops[c]);
      sum = fma(gradients[i * channels + c], above - below, sum);
    }
    sums[c] = sum;
  }

  private float value(float x, float offset, float step, float reciprocal, float top) {
    float clipped = min(max((x - offset) * reciprocal, 0f), top);
    return fma(rint(clipped), step, offset);
  }
}
