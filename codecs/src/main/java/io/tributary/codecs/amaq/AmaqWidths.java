package io.tributary.codecs.amaq;

import io.tributary.codecs.channelwise.ChannelMoments;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Who chooses the channels' widths. Belongs to one thread. */
interface AmaqWidths {
  /** The widths that the next table is to have. */
  byte[] widths();

  /** Bits of each channel, with fractions where there are any. */
  float[] bits();

  /** Whether {@link #update} wants slopes, which cost a pass. */
  boolean wantsSlopes();

  /** Takes one step with the derivatives of the loss by each channel's bits. */
  void update(float[] slopes);

  /** Hears of the moments of each message. */
  void hear(ChannelMoments moments);

  void save(DataOutput out) throws IOException;

  void restore(DataInput in) throws IOException;
}
