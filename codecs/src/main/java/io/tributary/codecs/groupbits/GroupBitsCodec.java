package io.tributary.codecs.groupbits;

import static io.tributary.codecs.channelwise.ChannelHeader.expect;

import io.tributary.codec.CodecId;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedPeer;
import io.tributary.codecs.channelwise.ChannelDecoder;
import io.tributary.codecs.channelwise.ChannelEncoder;
import io.tributary.codecs.channelwise.ChannelGradients;
import io.tributary.codecs.channelwise.ChannelHeader;
import io.tributary.codecs.channelwise.ChannelKernel;
import io.tributary.codecs.channelwise.ChannelRows;
import io.tributary.codecs.channelwise.CutBounds;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.util.Arrays;
import java.util.Objects;

/** Both ends: neither remembers anything. The size of groups is in the messages. */
final class GroupBitsCodec implements LearnedCodec, LearnedPeer {
  static final CodecId ID = new CodecId(0x0042, "groupbits", 1, 1);
  static final int DEFAULT_GROUP = 64;

  private static final byte[] NOTHING = {};

  private final ChannelKernel kernel;
  private final CutPlan plan;
  private final int group;
  private final int width;
  private final ChannelGradients gradientCoder;
  private final ChannelRows selected = new ChannelRows();
  private float[] turned = new float[0];

  GroupBitsCodec(ChannelKernel kernel, CutPlan plan, int group) {
    this.kernel = kernel;
    this.plan = plan;
    this.group = group;
    width = CutBounds.wholeBits(plan, "groupbits");
    gradientCoder = new ChannelGradients(kernel, plan);
  }

  @Override
  public CodecId id() {
    return ID;
  }

  @Override
  public int maxEncodedLength(int rows) {
    int body = ChannelEncoder.maxLength(group, Math.max(1, plan.values(rows) / group));
    return Math.addExact(ChannelHeader.maxLength(rows), body);
  }

  @Override
  public int maxGradientLength(int rows) {
    return ChannelEncoder.maxLength(rows, plan.channels());
  }

  @Override
  public byte[] takeTable() {
    return NOTHING;
  }

  @Override
  public byte[] answer(byte[] request) {
    throw new TributaryException(
        ErrorCode.UNKNOWN_TABLE, "request for a table: expected none, groupbits has no tables");
  }

  @Override
  public void acceptTable(byte[] source, int at, int length) {
    throw ChannelHeader.corrupt(0, "expected no table, groupbits has none");
  }

  @Override
  public byte[] request(int version) {
    return NOTHING;
  }

  @Override
  public int encode(CutRows rows, float[] source, int from, byte[] target, int at) {
    CutBounds.checkRows(rows, plan);
    int channels = plan.channels();
    Objects.checkFromIndexSize(from, plan.values(rows.count()), source.length);
    Objects.checkFromIndexSize(at, maxEncodedLength(rows.count()), target.length);
    selected.select(rows, channels, from, true);
    CutRows sent = rows.withoutSamples();
    for (int i = 0; i < selected.count; i++) {
      int row = (selected.at[i] - from) / channels;
      CutBounds.checkFinite("activations", sent, row, source, selected.at[i], channels);
    }
    int head =
        ChannelHeader.write(ChannelHeader.Form.OTHER, width, group, 0, channels, sent, target, at);
    int columns = selected.count * (channels / group);
    if (columns == 0) {
      return head;
    }
    room(columns * group);
    for (int j = 0; j < columns; j++) {
      int first = placeOf(j, group);
      for (int k = 0; k < group; k++) {
        turned[k * columns + j] = source[first + k];
      }
    }
    CutRows inner = CutRows.ordinary(rows.message(), group);
    return head
        + new ChannelEncoder(kernel, columns)
            .encodeActivations(inner, width, 0, NOTHING, false, turned, 0, target, at + head);
  }

  /** Where the j-th group begins, of groups of so many channels. */
  private int placeOf(int j, int size) {
    int groupsOfRow = plan.channels() / size;
    return selected.at[j / groupsOfRow] + j % groupsOfRow * size;
  }

  private void room(int values) {
    if (turned.length < values) {
      turned = new float[values];
    }
  }

  @Override
  public CutRows decode(byte[] source, int at, int length, float[] target, int from) {
    Objects.checkFromIndexSize(at, length, source.length);
    int channels = plan.channels();
    ChannelHeader head = ChannelHeader.read(source, at, length, plan.maxRows(), 1);
    expect(head.form() == ChannelHeader.Form.OTHER, 0, "form 3");
    expect(head.channels() == channels, 8, channels + " channels, found " + head.channels());
    int size = head.version();
    expect(size > 0 && channels % size == 0, 16, "groups of a divisor of " + channels);
    CutRows rows = head.rows();
    Objects.checkFromIndexSize(from, plan.values(rows.count()), target.length);
    selected.select(rows, channels, from, true);
    int columns = selected.count * (channels / size);
    if (columns == 0) {
      expect(length == head.length(), head.length(), "the end");
      Arrays.fill(target, from, from + plan.values(rows.count()), 0f);
      return rows;
    }
    int inner = at + head.length();
    int rest = length - head.length();
    ChannelHeader body = ChannelHeader.read(source, inner, rest, size, 1);
    CutRows expected = CutRows.ordinary(rows.message(), size);
    expect(body.width() != 0 && body.rows().sameAs(expected), head.length(), "values of groups");
    expect(body.channels() == columns, head.length() + 8L, columns + " groups");
    long least = (long) columns * (2 * Short.BYTES) + (long) columns * size * body.width() / 8;
    expect(rest >= least, length, "codes of " + columns + " groups");
    room(columns * size);
    new ChannelDecoder(kernel, columns)
        .decode(body, ChannelHeader.Form.ASYMMETRIC, NOTHING, source, inner, rest, turned, 0);
    if (rows.hasKinds()) {
      Arrays.fill(target, from, from + plan.values(rows.count()), 0f);
    }
    for (int j = 0; j < columns; j++) {
      int first = placeOf(j, size);
      for (int k = 0; k < size; k++) {
        target[first + k] = turned[k * columns + j];
      }
    }
    return rows;
  }

  @Override
  public int encodeGradient(CutRows rows, float[] source, int from, byte[] target, int at) {
    CutBounds.checkRows(rows, plan);
    return gradientCoder.encode(rows, width, source, from, target, at);
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
  public void save(DataOutput out) {}

  @Override
  public void restore(DataInput in) {}

  @Override
  public void close() {}
}
