package io.tributary.codecs.channelwise;

/** Quantizes and packs whole tiles on an OpenCL device: a work item for each channel of each. */
final class ChannelPackProgram extends ChannelProgram {
  float[] source = new float[0];
  byte[] codes = new byte[0];
  float[] offsets = new float[0];
  float[] reciprocals = new float[0];
  float[] tops = new float[0];
  int[] bits = new int[0];
  int[] starts = new int[0];
  int noise;
  int firstRow;
  int tileLength;

  /** Takes over a grid; on the lane's thread. */
  void begin(ChannelGrid grid, int noise) {
    this.noise = noise;
    channels = grid.channels();
    tileLength = grid.tileLength();
    offsets = grid.offsets;
    reciprocals = grid.reciprocals;
    tops = grid.tops;
    bits = grid.bits;
    starts = grid.starts();
    int most = rowsAtOnce(channels);
    if (source.length != most * channels) {
      source = new float[most * channels];
    }
    if (codes.length != most / ChannelGrid.TILE * tileLength) {
      codes = new byte[most / ChannelGrid.TILE * tileLength];
    }
    put(offsets).put(reciprocals).put(tops).put(bits).put(starts);
  }

  /** Lays rows onto the device; on the lane's thread. */
  void load(float[] values, int[] at, int row, int count) {
    firstRow = row;
    rows = count;
    gather(values, at, row, count, channels, source);
    put(source);
  }

  /** The number of work items. */
  int items() {
    return rows / ChannelGrid.TILE * channels;
  }

  /** Fetches codes; on the lane's thread. */
  void end(byte[] target, int to) {
    get(codes);
    System.arraycopy(codes, 0, target, to, rows / ChannelGrid.TILE * tileLength);
  }

  @Override
  public void run() {
    int item = getGlobalId();
    if (item < (rows >> 3) * channels) {
      packTile(item / channels, item % channels);
    }
  }

  private void packTile(int tile, int c) {
    int width = bits[c];
    int to = tile * tileLength + starts[c];
    int held = 0;
    int filled = 0;
    for (int i = 0; i < 8; i++) {
      int row = tile * 8 + i;
      held = held | (code(source[row * channels + c], added(firstRow + row, c), c) << filled);
      filled = filled + width;
      if (filled >= 8) {
        codes[to] = (byte) held;
        to = to + 1;
        held = held >> 8;
        filled = filled - 8;
      }
    }
  }

  private int code(float x, float added, int c) {
    float scaled = (x - offsets[c]) * reciprocals[c];
    float clipped = min(max(scaled, 0f), tops[c]);
    return (int) min(rint(clipped + added), tops[c]);
  }

  private float added(int row, int c) {
    float result = 0f;
    if (noise != 0) {
      int x = (noise + row * 0x85EBCA6B) ^ (c * 0x9E3779B9);
      x = (x ^ (x >>> 16)) * 0x7FEB352D;
      x = (x ^ (x >>> 15)) * 0x846CA68B;
      x = x ^ (x >>> 16);
      result = (x >>> 8) * 5.9604645E-8f - 0.5f;
    }
    return result;
  }
}
