package io.tributary.codecs.channelwise;

import static io.tributary.codecs.channelwise.ChannelHeader.expect;

import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import java.util.function.IntFunction;

/**
 * Gradients of a message's rows: symmetric grids, random rounding by the plan's seed and the
 * message's number, so that rounding errors have mean zero. Belongs to one thread.
 */
public final class ChannelGradients {
  private static final byte[] NO_WIDTHS = {};
  private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

  private final CutPlan plan;
  private final ChannelEncoder encoder;
  private final ChannelDecoder decoder;

  /** Either end of a cut. */
  public ChannelGradients(ChannelKernel kernel, CutPlan plan) {
    this.plan = plan;
    this.encoder = new ChannelEncoder(kernel, plan.channels());
    this.decoder = new ChannelDecoder(kernel, plan.channels());
  }

  /** The seed of a message's random rounding. */
  static int noise(long seed, int message) {
    long mixed = (seed + message * MULTIPLIER) * MULTIPLIER;
    int noise = (int) (mixed ^ (mixed >>> 32));
    return noise == ChannelKernel.TO_NEAREST ? 1 : noise;
  }

  /**
   * Writes gradients.
   *
   * @param width of every channel, or 0 to go by a table
   * @param widths the table's; any array if there is a width
   * @return the message's length
   */
  public int encode(
      CutRows rows,
      int width,
      int version,
      byte[] widths,
      float[] source,
      int from,
      byte[] target,
      int at) {
    int noise = noise(plan.seed(), rows.message());
    return encoder.encodeSymmetric(
        rows.withoutSamples(), width, version, widths, noise, source, from, target, at);
  }

  /** Writes gradients at one width. */
  public int encode(CutRows rows, int width, float[] source, int from, byte[] target, int at) {
    return encode(rows, width, 0, NO_WIDTHS, source, from, target, at);
  }

  /**
   * Reads gradients.
   *
   * @param rows what they must be of
   * @param tables gives a version's widths
   */
  public void decode(
      CutRows rows,
      IntFunction<byte[]> tables,
      byte[] source,
      int at,
      int length,
      float[] target,
      int from) {
    ChannelHeader head = ChannelHeader.read(source, at, length, plan.maxRows(), Integer.MAX_VALUE);
    boolean same = head.rows().sameAs(rows.withoutSamples());
    expect(same, 4, "gradients of the rows of message " + rows.message());
    byte[] widths = head.width() == 0 ? tables.apply(head.version()) : NO_WIDTHS;
    decoder.decode(head, ChannelHeader.Form.SYMMETRIC, widths, source, at, length, target, from);
  }

  /** As above, where every message says its width. */
  public void decode(CutRows rows, byte[] source, int at, int length, float[] target, int from) {
    decode(
        rows,
        version -> {
          throw ChannelHeader.corrupt(1, "expected a width");
        },
        source,
        at,
        length,
        target,
        from);
  }
}
