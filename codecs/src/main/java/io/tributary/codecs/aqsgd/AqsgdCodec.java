package io.tributary.codecs.aqsgd;

import io.tributary.codec.CodecId;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
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
import java.util.Arrays;
import java.util.Objects;

/** The end of a cut that sends changes of activations. */
final class AqsgdCodec implements LearnedCodec {
  static final CodecId ID = new CodecId(0x0041, "aqsgd", 1, 1);

  private static final byte[] NOTHING = {};

  private final CutPlan plan;
  private final int width;
  private final ChannelEncoder encoder;
  private final ChannelDecoder decoder;
  private final ChannelGradients gradientCoder;
  private final AqsgdMemory memory;
  private float[] changes = new float[0];
  private float[] received = new float[0];
  private int messages;

  AqsgdCodec(ChannelKernel kernel, CutPlan plan) {
    this.plan = plan;
    width = CutBounds.wholeBits(plan, "aqsgd");
    encoder = new ChannelEncoder(kernel, plan.channels());
    decoder = new ChannelDecoder(kernel, plan.channels());
    gradientCoder = new ChannelGradients(kernel, plan);
    memory = new AqsgdMemory(plan.channels());
  }

  @Override
  public CodecId id() {
    return ID;
  }

  @Override
  public int maxEncodedLength(int rows) {
    return ChannelEncoder.maxLength(rows, plan.channels());
  }

  @Override
  public byte[] takeTable() {
    return NOTHING;
  }

  @Override
  public byte[] answer(byte[] request) {
    throw new TributaryException(
        ErrorCode.UNKNOWN_TABLE, "request for a table: expected none, aqsgd has no tables");
  }

  @Override
  public int encode(CutRows rows, float[] source, int from, byte[] target, int at) {
    CutBounds.checkRows(rows, plan);
    int values = plan.values(rows.count());
    Objects.checkFromIndexSize(from, values, source.length);
    memory.makeRoom(rows);
    if (changes.length < values) {
      changes = new float[values];
      received = new float[values];
    }
    memory.subtract(rows, source, from, changes);
    int length =
        encoder.encodeSymmetric(
            rows, width, messages, NOTHING, ChannelKernel.TO_NEAREST, changes, 0, target, at);
    ChannelHeader head =
        ChannelHeader.read(target, at, length, plan.maxRows(), AqsgdMemory.MOST_SAMPLES);
    decoder.decode(head, ChannelHeader.Form.SYMMETRIC, NOTHING, target, at, length, received, 0);
    memory.add(rows, received, received, 0);
    messages++;
    return length;
  }

  @Override
  public void decodeGradient(
      CutRows rows, byte[] source, int at, int length, float[] target, int from) {
    gradientCoder.decode(rows, source, at, length, target, from);
  }

  @Override
  public void feedback(
      CutRows rows, float[] activations, int from, float[] gradients, int gradientsFrom) {
    CutBounds.checkFinite("gradients", rows, gradients, gradientsFrom, plan.channels());
  }

  @Override
  public void abandon(CutRows rows) {}

  @Override
  public void update() {}

  @Override
  public float[] bits() {
    var bits = new float[plan.channels()];
    Arrays.fill(bits, width);
    return bits;
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
