package io.tributary.codecs.channelwise;

/** Unpacks whole tiles on an OpenCL device: a work item for each channel of each. */
final class ChannelUnpackProgram extends ChannelProgram {
  byte[] codes = new byte[0];
  float[] values = new float[0];
  float[] offsets = new float[0];
  float[] steps = new float[0];
  int[] bits = new int[0];
  int[] starts = new int[0];
  int tileLength;

  /** Takes over a grid; on the lane's thread. */
  void begin(ChannelGrid grid) {
    channels = grid.channels();
    tileLength = grid.tileLength();
    offsets = grid.offsets;
    steps = grid.steps;
    bits = grid.bits;
    starts = grid.starts();
    int most = rowsAtOnce(channels);
    if (values.length != most * channels) {
      values = new float[most * channels];
    }
    if (codes.length != most / ChannelGrid.TILE * tileLength) {
      codes = new byte[most / ChannelGrid.TILE * tileLength];
    }
    put(offsets).put(steps).put(bits).put(starts);
  }

  /** Lays the codes of so many rows onto the device; on the lane's thread. */
  void load(byte[] source, int from, int count) {
    rows = count;
    System.arraycopy(source, from, codes, 0, count / ChannelGrid.TILE * tileLength);
    put(codes);
  }

  /** The number of work items. */
  int items() {
    return rows / ChannelGrid.TILE * channels;
  }

  /** Fetches values; on the lane's thread. */
  void end(float[] target, int[] at, int row) {
    get(values);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(values, i * channels, target, at[row + i], channels);
    }
  }

  @Override
  public void run() {
    int item = getGlobalId();
    if (item < (rows >> 3) * channels) {
      unpackTile(item / channels, item % channels);
    }
  }

  private void unpackTile(int tile, int c) {
    int width = bits[c];
    int from = tile * tileLength + starts[c];
    int held = 0;
    int filled = 0;
    for (int i = 0; i < 8; i++) {
      if (filled < width) {
        held = held | ((codes[from] & 0xFF) << filled);
        from = from + 1;
        filled = filled + 8;
      }
      int code = held & ((1 << width) - 1);
      held = held >> width;
      filled = filled - width;
      values[(tile * 8 + i) * channels + c] = fma((float) code, steps[c], offsets[c]);
    }
  }
}
