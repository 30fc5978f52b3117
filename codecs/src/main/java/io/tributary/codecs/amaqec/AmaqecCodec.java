package io.tributary.codecs.amaqec;

import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codecs.channelwise.ChannelHeader;
import io.tributary.codecs.channelwise.ChannelRows;
import io.tributary.codecs.channelwise.ChannelTables;
import io.tributary.codecs.channelwise.CutBounds;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.store.FloatArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The end of a cut that learns means and weights. */
final class AmaqecCodec implements LearnedCodec {
  static final CodecId ID = new CodecId(0x0043, "amaqec", 1, 1);

  /** Steps between two tables. */
  private static final int PERIOD = 10;

  private static final float KEPT = 0.9f;
  private static final double QUARTERS = 4;
  private static final double LN2 = StrictMath.log(2);
  private static final byte[] NOTHING = {};

  private final CutPlan plan;
  private final boolean weighted;
  private final AmaqecMessages messages;
  private final AmaqecBudget budget;
  private final ChannelTables tables;
  private final ChannelRows selected = new ChannelRows();
  private final Map<Integer, CutRows> underWay = new HashMap<>();
  private final float[] means;
  private final float[] squares;
  private byte[] content = NOTHING;
  private byte[] waiting = NOTHING;
  private int version;
  private int steps;

  AmaqecCodec(CodecRegistry codecs, CutPlan plan, boolean weighted) {
    if (plan.budgetBits() < AmaqecBudget.LEAST_BITS || plan.budgetBits() > AmaqecBudget.MOST_BITS) {
      throw Errors.invalidSetting(
          "bits a value of amaqec",
          plan.budgetBits(),
          AmaqecBudget.LEAST_BITS + " to " + AmaqecBudget.MOST_BITS);
    }
    this.plan = plan;
    this.weighted = weighted;
    messages = new AmaqecMessages(plan, codecs);
    budget = AmaqecBudget.ofActivations(codecs, plan.budgetBits());
    tables = new ChannelTables("amaqec", AmaqecTable.length(plan.channels()));
    means = new float[plan.channels()];
    squares = new float[plan.channels()];
  }

  @Override
  public CodecId id() {
    return ID;
  }

  @Override
  public int maxEncodedLength(int rows) {
    return messages.maxLength(rows);
  }

  @Override
  public byte[] takeTable() {
    byte[] taken = waiting;
    waiting = NOTHING;
    budget.spendBeside(taken.length);
    return taken;
  }

  @Override
  public byte[] answer(byte[] request) {
    int wanted = AmaqecTable.requested(request);
    return AmaqecTable.message(wanted, tables.table(wanted), plan.channels());
  }

  @Override
  public int encode(CutRows rows, float[] source, int from, byte[] target, int at) {
    if (underWay.size() >= ChannelTables.KEPT && !underWay.containsKey(rows.message())) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "messages across a cut without feedback: expected at most "
              + ChannelTables.KEPT
              + ", found one more, number "
              + rows.message());
    }
    int length =
        messages.encode("activations", rows, version, content, budget, source, from, target, at);
    measure(rows, source, from);
    underWay.put(rows.message(), rows);
    return length;
  }

  private void measure(CutRows rows, float[] source, int from) {
    selected.select(rows, means.length, from, false);
    if (selected.count == 0) {
      return;
    }
    Arrays.fill(means, 0f);
    for (int i = 0; i < selected.count; i++) {
      for (int c = 0; c < means.length; c++) {
        means[c] += source[selected.at[i] + c];
      }
    }
    for (int c = 0; c < means.length; c++) {
      float mean = means[c] / selected.count;
      // A sum beyond float32 is no mean; without one the channel only costs more.
      means[c] = Math.abs(mean) <= Float.MAX_VALUE ? mean : 0f;
    }
  }

  @Override
  public void decodeGradient(
      CutRows rows, byte[] source, int at, int length, float[] target, int from) {
    ChannelHeader head = ChannelHeader.read(source, at, length, plan.maxRows(), Integer.MAX_VALUE);
    boolean same = head.rows().sameAs(rows.withoutSamples());
    ChannelHeader.expect(same, 4, "gradients of the rows of message " + rows.message());
    ChannelHeader.expect(head.version() == 0, 16, "no table");
    messages.decode(head, NOTHING, source, at, length, target, from);
  }

  @Override
  public void feedback(
      CutRows rows, float[] activations, int from, float[] gradients, int gradientsFrom) {
    CutRows sent = underWay.remove(rows.message());
    if (sent == null || !sent.sameAs(rows)) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "feedback: expected a message under way, found message " + rows.message());
    }
    CutBounds.checkFinite("gradients", rows, gradients, gradientsFrom, means.length);
    selected.select(rows, means.length, gradientsFrom, false);
    if (!weighted || selected.count == 0) {
      return;
    }
    for (int c = 0; c < squares.length; c++) {
      float sum = 0;
      for (int i = 0; i < selected.count; i++) {
        float g = gradients[selected.at[i] + c];
        sum = Math.fma(g, g, sum);
      }
      float now = sum / selected.count;
      squares[c] = squares[c] > 0 ? KEPT * squares[c] + (1 - KEPT) * now : now;
    }
  }

  @Override
  public void abandon(CutRows rows) {
    underWay.remove(rows.message());
  }

  @Override
  public void update() {
    boolean due = steps % PERIOD == 0;
    steps++;
    if (!due) {
      return;
    }
    byte[] next = AmaqecTable.content(means, weights());
    if (!Arrays.equals(next, content)) {
      content = next;
      version++;
      tables.put(version, content);
      waiting = AmaqecTable.message(version, content, plan.channels());
    }
  }

  private byte[] weights() {
    var weights = new byte[squares.length];
    var logs = new double[squares.length];
    double mean = 0;
    int known = 0;
    for (int c = 0; c < logs.length; c++) {
      if (squares[c] > 0) {
        logs[c] = StrictMath.log(squares[c]) / LN2 / 2;
        mean += logs[c];
        known++;
      }
    }
    for (int c = 0; c < logs.length; c++) {
      if (squares[c] > 0) {
        double quarters = Math.rint((logs[c] - mean / known) * QUARTERS);
        int most = AmaqecTable.MOST_WEIGHT;
        weights[c] = (byte) Math.max(-most, Math.min(quarters, most));
      }
    }
    return weights;
  }

  /** The budget of every channel: how it is spread, only the coder knows. */
  @Override
  public float[] bits() {
    var bits = new float[plan.channels()];
    Arrays.fill(bits, (float) plan.budgetBits());
    return bits;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(plan.channels());
    out.writeInt(version);
    out.writeInt(steps);
    out.writeInt(waiting.length);
    out.write(waiting);
    out.writeInt(content.length);
    out.write(content);
    FloatArrays.write(out, means);
    FloatArrays.write(out, squares);
    budget.save(out);
    tables.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int channels = in.readInt();
    if (channels != plan.channels()) {
      throw CutBounds.otherPlan("amaqec", plan.channels() + " channels", channels);
    }
    version = in.readInt();
    steps = in.readInt();
    waiting = new byte[in.readInt()];
    in.readFully(waiting);
    content = new byte[in.readInt()];
    in.readFully(content);
    FloatArrays.read(in, means);
    FloatArrays.read(in, squares);
    budget.restore(in);
    tables.restore(in);
    underWay.clear();
  }
}
