package io.tributary.codecs.aqsgd;

import io.tributary.codec.CodecId;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedPeer;
import io.tributary.codecs.channelwise.ChannelDecoder;
import io.tributary.codecs.channelwise.ChannelEncoder;
import io.tributary.codecs.channelwise.ChannelGradients;
import io.tributary.codecs.channelwise.ChannelHeader;
import io.tributary.codecs.channelwise.ChannelKernel;
import io.tributary.codecs.channelwise.CutBounds;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;

/** The end of a cut that adds changes up. */
final class AqsgdPeer implements LearnedPeer {
  private static final byte[] NOTHING = {};

  private final CutPlan plan;
  private final int width;
  private final ChannelDecoder decoder;
  private final ChannelGradients gradientCoder;
  private final AqsgdMemory memory;
  private float[] changes = new float[0];
  private int messages;

  AqsgdPeer(ChannelKernel kernel, CutPlan plan) {
    this.plan = plan;
    width = CutBounds.wholeBits(plan, "aqsgd");
    decoder = new ChannelDecoder(kernel, plan.channels());
    gradientCoder = new ChannelGradients(kernel, plan);
    memory = new AqsgdMemory(plan.channels());
  }

  @Override
  public CodecId id() {
    return AqsgdCodec.ID;
  }

  @Override
  public void acceptTable(byte[] source, int at, int length) {
    throw ChannelHeader.corrupt(0, "expected no table, aqsgd has none");
  }

  @Override
  public byte[] request(int version) {
    return NOTHING;
  }

  @Override
  public CutRows decode(byte[] source, int at, int length, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    ChannelHeader head =
        ChannelHeader.read(source, at, length, plan.maxRows(), AqsgdMemory.MOST_SAMPLES);
    ChannelHeader.expect(head.width() != 0, 1, "a width");
    if (head.version() != messages) {
      throw new TributaryException(
          ErrorCode.WRONG_VERSION,
          "message of aqsgd: expected one after "
              + messages
              + " others, found one after "
              + head.version()
              + "; both ends must begin anew");
    }
    int values = plan.values(head.rows().count());
    Objects.checkFromIndexSize(from, values, target.length);
    if (changes.length < values) {
      changes = new float[values];
    }
    decoder.decode(head, ChannelHeader.Form.SYMMETRIC, NOTHING, source, at, length, changes, 0);
    memory.makeRoom(head.rows());
    memory.add(head.rows(), changes, target, from);
    messages++;
    return head.rows();
  }

  @Override
  public int maxGradientLength(int rows) {
    return ChannelEncoder.maxLength(rows, plan.channels());
  }

  @Override
  public int encodeGradient(CutRows rows, float[] source, int from, byte[] target, int at) {
    CutBounds.checkRows(rows, plan);
    return gradientCoder.encode(rows, width, source, from, target, at);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(plan.channels());
    out.writeInt(messages);
    memory.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int channels = in.readInt();
    if (channels != plan.channels()) {
      throw CutBounds.otherPlan("aqsgd", plan.channels() + " channels", channels);
    }
    messages = in.readInt();
    memory.restore(in);
  }
}
