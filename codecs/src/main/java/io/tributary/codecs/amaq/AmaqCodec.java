package io.tributary.codecs.amaq;

import io.tributary.codec.CodecId;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.RowKind;
import io.tributary.codecs.channelwise.ChannelEncoder;
import io.tributary.codecs.channelwise.ChannelGradients;
import io.tributary.codecs.channelwise.ChannelGrid;
import io.tributary.codecs.channelwise.ChannelKernel;
import io.tributary.codecs.channelwise.ChannelMoments;
import io.tributary.codecs.channelwise.ChannelRows;
import io.tributary.codecs.channelwise.ChannelTables;
import io.tributary.codecs.channelwise.CutBounds;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.store.FloatArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The end of a cut that owns the widths. */
final class AmaqCodec implements LearnedCodec {
  static final CodecId ID = new CodecId(0x0040, "amaq", 1, 1);

  /** Steps between two tables, at most. */
  private static final int PERIOD = 10;

  /** Tables in a run, at least, so that short runs learn as well. */
  private static final int TABLES = 100;

  private static final byte[] NOTHING = {};

  private final CutPlan plan;
  private final AmaqWidths chooser;
  private final int width;
  private final boolean sharp;
  private final int period;
  private final ChannelKernel kernel;
  private final ChannelEncoder encoder;
  private final ChannelGradients gradientCoder;
  private final ChannelGrid coarse;
  private final ChannelGrid fine;
  private final float[] below;
  private final float[] above;
  private final float[] slopes;
  private final ChannelRows rowsOfGradients = new ChannelRows();
  private final ChannelRows rowsOfActivations = new ChannelRows();
  private final ChannelTables tables;
  private final Map<Integer, Sent> underWay = new HashMap<>();
  private byte[] widths;
  private byte[] waiting;
  private int version;
  private int steps;

  /** What is remembered of a message until its gradients come. */
  private record Sent(CutRows rows, ChannelMoments moments, byte[] widths, int[] exceptions) {}

  /**
   * A session.
   *
   * @param width of all channels, or 0 where {@code chooser} changes its mind
   * @param sharp see {@link ChannelGrid#fillAsymmetric}
   */
  AmaqCodec(ChannelKernel kernel, CutPlan plan, AmaqWidths chooser, int width, boolean sharp) {
    this.kernel = kernel;
    this.plan = plan;
    this.chooser = chooser;
    this.width = width;
    this.sharp = sharp;
    int channels = plan.channels();
    period = Math.max(1, Math.min(PERIOD, plan.steps() / TABLES));
    encoder = new ChannelEncoder(kernel, channels);
    gradientCoder = new ChannelGradients(kernel, plan);
    tables = new ChannelTables("amaq", channels);
    coarse = new ChannelGrid(channels);
    fine = new ChannelGrid(channels);
    below = new float[channels];
    above = new float[channels];
    slopes = new float[channels];
    widths = chooser.widths();
    waiting = NOTHING;
    if (width == 0) {
      version = 1;
      tables.put(version, widths);
      waiting = AmaqTable.table(version, widths);
    }
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
    byte[] taken = waiting;
    waiting = NOTHING;
    return taken;
  }

  @Override
  public byte[] answer(byte[] request) {
    int wanted = AmaqTable.requested(request);
    return AmaqTable.table(wanted, tables.table(wanted));
  }

  @Override
  public int encode(CutRows rows, float[] source, int from, byte[] target, int at) {
    CutBounds.checkRows(rows, plan);
    if (underWay.size() >= ChannelTables.KEPT && !underWay.containsKey(rows.message())) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "messages across a cut without feedback: expected at most "
              + ChannelTables.KEPT
              + ", found one more, number "
              + rows.message());
    }
    int length =
        encoder.encodeActivations(
            rows.withoutSamples(), width, version, widths, sharp, source, from, target, at);
    chooser.hear(encoder.moments);
    var moments = new ChannelMoments(plan.channels());
    moments.copyFrom(encoder.moments);
    var exceptions = new int[encoder.exceptions()];
    for (int i = 0; i < exceptions.length; i++) {
      exceptions[i] = encoder.exception(i);
    }
    underWay.put(rows.message(), new Sent(rows, moments, widths, exceptions));
    return length;
  }

  @Override
  public void decodeGradient(
      CutRows rows, byte[] source, int at, int length, float[] target, int from) {
    gradientCoder.decode(rows, tables::table, source, at, length, target, from);
  }

  private Sent take(CutRows rows) {
    Sent sent = underWay.remove(rows.message());
    if (sent == null || !sent.rows().sameAs(rows)) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "feedback: expected a message under way, found message " + rows.message());
    }
    return sent;
  }

  @Override
  public void abandon(CutRows rows) {
    underWay.remove(rows.message());
  }

  @Override
  public void feedback(
      CutRows rows, float[] activations, int from, float[] gradients, int gradientsFrom) {
    Sent sent = take(rows);
    int channels = plan.channels();
    if (!chooser.wantsSlopes()) {
      CutBounds.checkFinite("gradients", rows, gradients, gradientsFrom, channels);
      if (!sharp) {
        return;
      }
    }
    rowsOfActivations.select(rows, channels, from, false);
    rowsOfGradients.select(rows, channels, gradientsFrom, false);
    if (chooser.wantsSlopes()) {
      sumSlopes(rows, sent, activations, gradients, gradientsFrom);
    }
    if (sharp) {
      float[] kept = takeExceptions(sent, gradients);
      coarse.fillAsymmetric(sent.moments(), sent.widths(), true);
      stopWhatWasCutOff(activations, gradients);
      putExceptions(sent, kept, gradients);
    }
  }

  /** Exceptions arrived as they were: no width changes them, and nothing cut them off. */
  private float[] takeExceptions(Sent sent, float[] gradients) {
    var kept = new float[sent.exceptions().length];
    for (int i = 0; i < kept.length; i++) {
      int where = placeOf(sent.exceptions()[i]);
      kept[i] = gradients[where];
      gradients[where] = 0;
    }
    return kept;
  }

  private void putExceptions(Sent sent, float[] kept, float[] gradients) {
    for (int i = 0; i < kept.length; i++) {
      gradients[placeOf(sent.exceptions()[i])] = kept[i];
    }
  }

  /**
   * Sums slopes, and checks gradients on the way: one that isn't finite leaves a sum that isn't,
   * and only then they are looked at one by one.
   */
  private void sumSlopes(
      CutRows rows, Sent sent, float[] activations, float[] gradients, int gradientsFrom) {
    for (int row = 0; row < rows.count(); row++) {
      if (rows.kind(row) != RowKind.ORDINARY.number()) {
        int at = gradientsFrom + row * slopes.length;
        CutBounds.checkFinite("gradients", rows, row, gradients, at, slopes.length);
      }
    }
    float[] before = slopes.clone();
    float[] kept = takeExceptions(sent, gradients);
    byte[] floors = floors();
    coarse.fillAsymmetric(sent.moments(), floors, sharp);
    for (int c = 0; c < floors.length; c++) {
      floors[c]++;
    }
    fine.fillAsymmetric(sent.moments(), floors, sharp);
    kernel.slopes(
        activations,
        rowsOfActivations.at,
        gradients,
        rowsOfGradients.at,
        rowsOfActivations.count,
        coarse,
        fine,
        slopes);
    putExceptions(sent, kept, gradients);
    if (!areFinite(kept) || !areFinite(slopes)) {
      float[] sums = slopes.clone();
      System.arraycopy(before, 0, slopes, 0, before.length);
      CutBounds.checkFinite("gradients", rows, gradients, gradientsFrom, before.length);
      System.arraycopy(sums, 0, slopes, 0, sums.length);
    }
  }

  private static boolean areFinite(float[] values) {
    for (float x : values) {
      if (!(Math.abs(x) <= Float.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  private int placeOf(int exception) {
    int count = rowsOfGradients.count;
    return rowsOfGradients.at[exception % count] + exception / count;
  }

  private byte[] floors() {
    float[] bits = chooser.bits();
    var floors = new byte[bits.length];
    for (int c = 0; c < bits.length; c++) {
      floors[c] = (byte) Math.min((int) bits[c], ChannelGrid.MOST_BITS - 1);
    }
    return floors;
  }

  private void stopWhatWasCutOff(float[] activations, float[] gradients) {
    coarse.ends(below, above);
    for (int i = 0; i < rowsOfActivations.count; i++) {
      int row = rowsOfActivations.at[i];
      int gradientRow = rowsOfGradients.at[i];
      for (int c = 0; c < below.length; c++) {
        float x = activations[row + c];
        if (x < below[c] || x > above[c]) {
          gradients[gradientRow + c] = 0;
        }
      }
    }
  }

  @Override
  public void addSlopes(float[] more) {
    for (int c = 0; c < slopes.length; c++) {
      slopes[c] += more[c];
    }
  }

  @Override
  public float[] slopes() {
    return slopes.clone();
  }

  @Override
  public void update() {
    chooser.update(slopes);
    Arrays.fill(slopes, 0);
    steps++;
    if (width != 0 || steps % period != 0) {
      return;
    }
    byte[] next = chooser.widths();
    if (Arrays.equals(next, widths)) {
      return;
    }
    // A table that nobody has taken yet is not a base for a change: the peer may never see it.
    byte[] change =
        waiting.length > 0
            ? AmaqTable.table(version + 1, next)
            : AmaqTable.change(version + 1, next, version, widths);
    version++;
    tables.put(version, next);
    widths = next;
    waiting = change;
  }

  @Override
  public float[] bits() {
    return chooser.bits();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(plan.channels());
    out.writeInt(width);
    out.writeInt(version);
    out.writeInt(steps);
    out.writeInt(waiting.length);
    out.write(waiting);
    out.write(widths);
    FloatArrays.write(out, slopes);
    tables.save(out);
    chooser.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int channels = in.readInt();
    int savedWidth = in.readInt();
    if (channels != plan.channels() || savedWidth != width) {
      throw CutBounds.otherPlan(
          "amaq",
          plan.channels() + " channels of width " + width,
          channels + " channels of width " + savedWidth);
    }
    version = in.readInt();
    steps = in.readInt();
    waiting = new byte[in.readInt()];
    in.readFully(waiting);
    in.readFully(widths);
    FloatArrays.read(in, slopes);
    tables.restore(in);
    chooser.restore(in);
    underWay.clear();
  }
}
