package io.tributary.codecs.amaq;

import static io.tributary.codecs.channelwise.ChannelHeader.expect;

import io.tributary.codec.CodecId;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedPeer;
import io.tributary.codecs.channelwise.ChannelDecoder;
import io.tributary.codecs.channelwise.ChannelEncoder;
import io.tributary.codecs.channelwise.ChannelGradients;
import io.tributary.codecs.channelwise.ChannelHeader;
import io.tributary.codecs.channelwise.ChannelKernel;
import io.tributary.codecs.channelwise.ChannelTables;
import io.tributary.codecs.channelwise.CutBounds;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The end of a cut that is told the widths. */
final class AmaqPeer implements LearnedPeer {
  private static final byte[] NO_WIDTHS = {};

  private final CutPlan plan;
  private final ChannelDecoder decoder;
  private final ChannelGradients gradientCoder;
  private final ChannelTables tables;

  /** Messages whose gradients may go back, oldest first. */
  private final Map<Integer, Tie> received = new LinkedHashMap<>();

  /** What the gradients of a message are coded with: what its activations were. */
  private record Tie(int width, int version, byte[] widths) {}

  AmaqPeer(ChannelKernel kernel, CutPlan plan) {
    this.plan = plan;
    decoder = new ChannelDecoder(kernel, plan.channels());
    gradientCoder = new ChannelGradients(kernel, plan);
    tables = new ChannelTables("amaq", plan.channels());
  }

  @Override
  public CodecId id() {
    return AmaqCodec.ID;
  }

  @Override
  public void acceptTable(byte[] source, int at, int length) {
    Objects.checkFromIndexSize(at, length, source.length);
    AmaqTable.read(source, at, length, plan.channels(), tables);
  }

  @Override
  public byte[] request(int version) {
    return AmaqTable.request(version);
  }

  @Override
  public CutRows decode(byte[] source, int at, int length, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    ChannelHeader head = ChannelHeader.read(source, at, length, plan.maxRows(), 1);
    expect(head.width() != 0 || head.version() > 0, 16, "a width or a table");
    byte[] widths = head.width() != 0 ? NO_WIDTHS : tables.table(head.version());
    decoder.decode(head, ChannelHeader.Form.ASYMMETRIC, widths, source, at, length, target, from);
    received.put(head.rows().message(), new Tie(head.width(), head.version(), widths));
    if (received.size() > ChannelTables.KEPT) {
      received.remove(received.keySet().iterator().next());
    }
    return head.rows();
  }

  @Override
  public int maxGradientLength(int rows) {
    return ChannelEncoder.maxLength(rows, plan.channels());
  }

  @Override
  public int encodeGradient(CutRows rows, float[] source, int from, byte[] target, int at) {
    CutBounds.checkRows(rows, plan);
    Tie tie = received.get(rows.message());
    if (tie == null) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "gradients: expected a message that came, found message " + rows.message());
    }
    return gradientCoder.encode(
        rows, tie.width(), tie.version(), tie.widths(), source, from, target, at);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(plan.channels());
    tables.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int channels = in.readInt();
    if (channels != plan.channels()) {
      throw CutBounds.otherPlan("amaq", plan.channels() + " channels", channels);
    }
    tables.restore(in);
    received.clear();
  }
}
