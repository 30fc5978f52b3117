package io.tributary.codecs.amaq;

import io.tributary.codecs.channelwise.ChannelMoments;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.Arrays;

/** One width for all channels and for ever. */
final class AmaqFixed implements AmaqWidths {
  private final int width;
  private final int channels;

  AmaqFixed(int width, int channels) {
    this.width = width;
    this.channels = channels;
  }

  @Override
  public byte[] widths() {
    var widths = new byte[channels];
    Arrays.fill(widths, (byte) width);
    return widths;
  }

  @Override
  public float[] bits() {
    var bits = new float[channels];
    Arrays.fill(bits, width);
    return bits;
  }

  @Override
  public boolean wantsSlopes() {
    return false;
  }

  @Override
  public void update(float[] slopes) {}

  @Override
  public void hear(ChannelMoments moments) {}

  @Override
  public void save(DataOutput out) {}

  @Override
  public void restore(DataInput in) {}
}
