package io.tributary.agent.split;

import io.tributary.agent.trainer.SplitTop;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedPeer;
import io.tributary.error.Errors;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The end of a cut with the top of the model: activations come in, gradients go back.
 *
 * <p>Used by one thread at a time.
 */
public final class SplitServer implements AutoCloseable {
  private final SplitTop top;
  private final LearnedPeer codec;
  private final boolean ownsTop;
  private final float[] activations;
  private final float[] gradients;

  /**
   * What goes back for a batch.
   *
   * @param rows whose gradients they are
   * @param message the gradients
   * @param loss mean a token, in nats
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes on their way: equality is of no interest
  public record Answer(CutRows rows, byte[] message, double loss) {}

  /** A server; it closes both. */
  public SplitServer(SplitTop top, LearnedPeer codec, CutPlan plan) {
    this(top, codec, plan, true);
  }

  private SplitServer(SplitTop top, LearnedPeer codec, CutPlan plan, boolean ownsTop) {
    this.top = top;
    this.codec = codec;
    this.ownsTop = ownsTop;
    activations = new float[plan.values(plan.maxRows())];
    gradients = new float[activations.length];
  }

  /** The end for one of several clients of a top, which stays the caller's; it closes the codec. */
  static SplitServer sharing(SplitTop top, LearnedPeer codec, CutPlan plan) {
    return new SplitServer(top, codec, plan, false);
  }

  /** Takes a table. */
  public void table(byte[] message) {
    codec.acceptTable(message, 0, message.length);
  }

  /** What to ask the client for when a table is missing. */
  public byte[] request(int version) {
    return codec.request(version);
  }

  /**
   * Takes the activations of a batch, adds the gradients of the top's parameters, and encodes those
   * of the activations.
   *
   * @param windows the targets, see {@link SplitTop#learn}
   * @param rowsOfWindow tokens a window
   * @throws io.tributary.codec.UnknownTableException if a table must be asked for first
   * @throws io.tributary.error.TributaryException {@code CORRUPT_PAYLOAD} for other bytes, {@code
   *     NON_FINITE} if the step must be refused at both ends, {@code INVALID_SETTING} for a batch
   *     of another shape than announced
   */
  public Answer learn(byte[] message, long[] windows, int rowsOfWindow) {
    CutRows rows = codec.decode(message, 0, message.length, activations, 0);
    double loss =
        top.learn(activations, windows, windowsOf(rows, rowsOfWindow, windows), gradients);
    var bytes = new byte[codec.maxGradientLength(rows.count())];
    int length = codec.encodeGradient(rows, gradients, 0, bytes, 0);
    return new Answer(rows, Arrays.copyOf(bytes, length), loss);
  }

  /** Takes activations and measures what they lead to. */
  public SplitTop.Outcome measure(byte[] message, long[] windows, int rowsOfWindow) {
    CutRows rows = codec.decode(message, 0, message.length, activations, 0);
    return top.measure(activations, windows, windowsOf(rows, rowsOfWindow, windows));
  }

  private static int windowsOf(CutRows rows, int rowsOfWindow, long[] windows) {
    int count = rows.count() / rowsOfWindow;
    if (rows.count() % rowsOfWindow != 0 || windows.length != count * (rowsOfWindow + 1)) {
      throw Errors.invalidSetting(
          "rows of message " + rows.message(),
          rows.count(),
          "those of " + windows.length / (rowsOfWindow + 1) + " windows of " + rowsOfWindow);
    }
    return count;
  }

  /** Forgets the gradients since the last update: the step is refused. */
  public void refuse() {
    top.refuse();
  }

  /** Ends a step, counted from 1. */
  public void update(long step) {
    top.update(step);
  }

  /** Writes the state of the codec; the top writes its own. */
  void saveCodec(DataOutput out) throws IOException {
    codec.save(out);
  }

  /** Replaces the state of the codec. */
  void restoreCodec(DataInput in) throws IOException {
    codec.restore(in);
  }

  @Override
  public void close() {
    if (ownsTop) {
      top.close();
    }
    codec.close();
  }
}
