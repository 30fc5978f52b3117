package io.tributary.codecs.directions;

import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedPeer;
import io.tributary.codecs.channelwise.ChannelHeader;
import java.io.DataInput;
import java.io.DataOutput;

/** The end of a cut to which directions come. It has no state. */
final class DirectionsPeer implements LearnedPeer {
  private static final byte[] NOTHING = {};
  private static final float[] NO_BASIS = {};

  private final DirectionsMessages messages;

  DirectionsPeer(CodecRegistry codecs, CutPlan plan) {
    messages = new DirectionsMessages(codecs, plan);
  }

  @Override
  public CodecId id() {
    return DirectionsCodec.ID;
  }

  @Override
  public void acceptTable(byte[] source, int at, int length) {
    throw ChannelHeader.corrupt(0, "expected no table, directions has none");
  }

  @Override
  public byte[] request(int version) {
    return NOTHING;
  }

  @Override
  public CutRows decode(byte[] source, int at, int length, float[] target, int from) {
    return messages.decode(source, at, length, target, from);
  }

  @Override
  public int maxGradientLength(int rows) {
    return messages.maxLength(rows);
  }

  @Override
  public int encodeGradient(CutRows rows, float[] source, int from, byte[] target, int at) {
    return messages.encode("gradients", rows, NO_BASIS, 0, source, from, target, at);
  }

  @Override
  public void save(DataOutput out) {}

  @Override
  public void restore(DataInput in) {}
}
