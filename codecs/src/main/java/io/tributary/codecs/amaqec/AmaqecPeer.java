package io.tributary.codecs.amaqec;

import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedPeer;
import io.tributary.codecs.channelwise.ChannelHeader;
import io.tributary.codecs.channelwise.ChannelTables;
import io.tributary.codecs.channelwise.CutBounds;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;

/** The end of a cut that is told means and weights. */
final class AmaqecPeer implements LearnedPeer {
  private static final byte[] NOTHING = {};

  private final CutPlan plan;
  private final AmaqecMessages messages;
  private final AmaqecBudget budget;
  private final ChannelTables tables;

  AmaqecPeer(CodecRegistry codecs, CutPlan plan) {
    this.plan = plan;
    messages = new AmaqecMessages(plan, codecs);
    budget = AmaqecBudget.ofGradients(codecs, plan.budgetBits());
    tables = new ChannelTables("amaqec", AmaqecTable.length(plan.channels()));
  }

  @Override
  public CodecId id() {
    return AmaqecCodec.ID;
  }

  @Override
  public void acceptTable(byte[] source, int at, int length) {
    Objects.checkFromIndexSize(at, length, source.length);
    int version = AmaqecTable.read(source, at, length, plan.channels());
    tables.put(version, AmaqecTable.contentOf(source, at, plan.channels()));
  }

  @Override
  public byte[] request(int version) {
    return AmaqecTable.request(version);
  }

  @Override
  public CutRows decode(byte[] source, int at, int length, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    ChannelHeader head = ChannelHeader.read(source, at, length, plan.maxRows(), Integer.MAX_VALUE);
    byte[] content = head.version() == 0 ? NOTHING : tables.table(head.version());
    messages.decode(head, content, source, at, length, target, from);
    return head.rows();
  }

  @Override
  public int maxGradientLength(int rows) {
    return messages.maxLength(rows);
  }

  @Override
  public int encodeGradient(CutRows rows, float[] source, int from, byte[] target, int at) {
    return messages.encode("gradients", rows, 0, NOTHING, budget, source, from, target, at);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(plan.channels());
    budget.save(out);
    tables.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int channels = in.readInt();
    if (channels != plan.channels()) {
      throw CutBounds.otherPlan("amaqec", plan.channels() + " channels", channels);
    }
    budget.restore(in);
    tables.restore(in);
  }
}
