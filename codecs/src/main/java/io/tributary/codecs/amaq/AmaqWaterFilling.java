package io.tributary.codecs.amaq;

import io.tributary.codec.CutPlan;
import io.tributary.codecs.channelwise.ChannelGrid;
import io.tributary.codecs.channelwise.ChannelMoments;
import io.tributary.error.Errors;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * Widths by the channels' variances alone, as a yardstick for learned ones: reverse water-filling
 * in whole bits. Every channel gets 2 bits, then one bit after the other goes where the error,
 * variance over 4^bits, is largest.
 */
final class AmaqWaterFilling implements AmaqWidths {
  private final int total;
  private final byte[] widths;

  AmaqWaterFilling(CutPlan plan) {
    double bits = plan.budgetBits();
    if (bits < ChannelGrid.LEAST_BITS || bits > ChannelGrid.MOST_BITS) {
      throw Errors.invalidSetting("bits a value of amaq:variance", bits, "2 to 8");
    }
    total = (int) Math.rint(bits * plan.channels());
    var even = new float[plan.channels()];
    Arrays.fill(even, (float) bits);
    widths = AmaqGates.round(even);
  }

  @Override
  public byte[] widths() {
    return widths.clone();
  }

  @Override
  public float[] bits() {
    var bits = new float[widths.length];
    for (int c = 0; c < bits.length; c++) {
      bits[c] = widths[c];
    }
    return bits;
  }

  @Override
  public boolean wantsSlopes() {
    return false;
  }

  @Override
  public void update(float[] slopes) {}

  /** A channel and what its error is with the bits that it has. */
  private record Need(int channel, double error) {}

  @Override
  public void hear(ChannelMoments moments) {
    var needs =
        new PriorityQueue<Need>(
            (a, b) ->
                a.error() == b.error()
                    ? Integer.compare(a.channel(), b.channel())
                    : Double.compare(b.error(), a.error()));
    for (int c = 0; c < widths.length; c++) {
      double variance = moments.variance(c);
      needs.add(new Need(c, variance <= Float.MAX_VALUE ? variance : Float.MAX_VALUE));
    }
    Arrays.fill(widths, (byte) ChannelGrid.LEAST_BITS);
    for (int left = total - ChannelGrid.LEAST_BITS * widths.length; left > 0; left--) {
      Need most = needs.remove();
      widths[most.channel()]++;
      if (widths[most.channel()] < ChannelGrid.MOST_BITS) {
        needs.add(new Need(most.channel(), most.error() / 4));
      }
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.write(widths);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    in.readFully(widths);
  }
}
