package io.tributary.agent.split;

import io.tributary.agent.trainer.SplitMiddle;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedPeer;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The end of both cuts of a model whose labels stay at the client: activations come in and go on,
 * their gradients come back and go back. At the cut above, this end is the one whose codec learns.
 *
 * <p>Several batches may be under way. Used by one thread at a time.
 */
public final class SplitMiddleServer implements AutoCloseable {
  private final SplitMiddle middle;
  private final LearnedPeer below;
  private final LearnedCodec above;
  private final CutPlan plan;
  private final int rowsOfWindow;
  private final Map<Integer, Batch> underWay = new HashMap<>();
  private int messages;

  /** What is kept of a batch until its gradients come. */
  private static final class Batch {
    final CutRows rowsBelow;
    final CutRows rowsAbove;
    final float[] in;
    final float[] out;

    Batch(CutRows rowsBelow, CutRows rowsAbove, float[] in, float[] out) {
      this.rowsBelow = rowsBelow;
      this.rowsAbove = rowsAbove;
      this.in = in;
      this.out = out;
    }
  }

  /**
   * One client's end of a middle that stays the caller's; it closes the codecs.
   *
   * @param below of the cut below the middle
   * @param above of the cut above it
   * @param plan of both cuts, but for their seeds
   * @param rowsOfWindow tokens a window
   */
  public SplitMiddleServer(
      SplitMiddle middle, LearnedPeer below, LearnedCodec above, CutPlan plan, int rowsOfWindow) {
    this.middle = middle;
    this.below = below;
    this.above = above;
    this.plan = plan;
    this.rowsOfWindow = rowsOfWindow;
  }

  /** Takes a table of the cut below. */
  public void table(byte[] message) {
    below.acceptTable(message, 0, message.length);
  }

  /** What to ask the client for when a table is missing. */
  public byte[] request(int version) {
    return below.request(version);
  }

  /** Answers a client that lacks a table of the cut above. */
  public byte[] answer(byte[] request) {
    return above.answer(request);
  }

  /**
   * Takes the activations of a batch and computes those that go on.
   *
   * @throws io.tributary.codec.UnknownTableException if a table must be asked for first
   * @throws TributaryException {@code CORRUPT_PAYLOAD} for other bytes, {@code NON_FINITE} if the
   *     step must be refused at both ends, {@code INVALID_SETTING} for a batch of another shape
   *     than announced; nothing is under way then
   */
  public SplitClient.Outgoing forward(byte[] message) {
    var in = new float[plan.values(plan.maxRows())];
    CutRows rowsBelow = below.decode(message, 0, message.length, in, 0);
    int values = plan.values(rowsBelow.count());
    if (rowsBelow.count() == 0 || rowsBelow.count() % rowsOfWindow != 0) {
      throw Errors.invalidSetting(
          "rows of message " + rowsBelow.message(),
          rowsBelow.count(),
          "those of whole windows of " + rowsOfWindow);
    }
    checkFinite("activations of message " + rowsBelow.message(), in, values);
    var out = new float[values];
    middle.forward(in, rowsBelow.count() / rowsOfWindow, out);
    checkFinite("activations above the middle", out, values);
    CutRows rowsAbove = like(rowsBelow, messages);
    var bytes = new byte[above.maxEncodedLength(rowsAbove.count())];
    byte[] table = above.takeTable();
    int length = above.encode(rowsAbove, out, 0, bytes, 0);
    messages++;
    underWay.put(rowsAbove.message(), new Batch(rowsBelow, rowsAbove, in, out));
    return new SplitClient.Outgoing(rowsAbove, table, Arrays.copyOf(bytes, length));
  }

  /**
   * Takes the gradients of what went on, adds those of the middle's parameters, and encodes those
   * of what came in.
   *
   * @param rows as {@link #forward} gave them
   * @throws TributaryException {@code CORRUPT_PAYLOAD}; {@code NON_FINITE} if the step must be
   *     refused at both ends; {@code PROTOCOL_VIOLATION} for a batch that isn't under way
   */
  public byte[] backward(CutRows rows, byte[] message) {
    Batch batch = underWay.get(rows.message());
    if (batch == null) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "gradients: expected those of a batch under way, found message " + rows.message());
    }
    var gradients = new float[batch.out.length];
    above.decodeGradient(batch.rowsAbove, message, 0, message.length, gradients, 0);
    checkFinite("gradients of message " + rows.message(), gradients, gradients.length);
    underWay.remove(rows.message());
    above.feedback(batch.rowsAbove, batch.out, 0, gradients, 0);
    var back = new float[batch.out.length];
    middle.backward(batch.in, rows.count() / rowsOfWindow, gradients, back);
    var bytes = new byte[below.maxGradientLength(rows.count())];
    int length = below.encodeGradient(batch.rowsBelow, back, 0, bytes, 0);
    return Arrays.copyOf(bytes, length);
  }

  /** Gives up a batch whose gradients are of no use, or won't come. */
  public void abandon(CutRows rows) {
    Batch batch = underWay.remove(rows.message());
    if (batch != null) {
      above.abandon(batch.rowsAbove);
    }
  }

  /** The client's step is over: the codec of the cut above learns from it. */
  public void update() {
    above.update();
  }

  /** Writes the state of the codecs, with nothing under way; the middle writes its own. */
  void save(DataOutput out) throws IOException {
    out.writeInt(messages);
    below.save(out);
    above.save(out);
  }

  /** Replaces the state of the codecs. */
  void restore(DataInput in) throws IOException {
    messages = in.readInt();
    below.restore(in);
    above.restore(in);
  }

  private static CutRows like(CutRows rows, int message) {
    CutRows same = CutRows.ordinary(message, rows.count());
    if (rows.samples() > 0) {
      var samples = new int[rows.samples()];
      Arrays.setAll(samples, rows::sample);
      same = same.ofSamples(samples);
    }
    if (rows.hasKinds()) {
      var kinds = new byte[rows.count()];
      for (int row = 0; row < kinds.length; row++) {
        kinds[row] = (byte) rows.kind(row);
      }
      same = same.withKinds(kinds);
    }
    return same;
  }

  private void checkFinite(String what, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        throw new TributaryException(
            ErrorCode.NON_FINITE,
            what
                + ": expected numbers, found "
                + values[i]
                + " in row "
                + i / plan.channels()
                + ", channel "
                + i % plan.channels());
      }
    }
  }

  @Override
  public void close() {
    below.close();
    above.close();
  }
}
