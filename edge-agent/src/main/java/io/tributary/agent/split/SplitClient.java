package io.tributary.agent.split;

import io.tributary.agent.trainer.SplitBottom;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The end of a cut with the bottom of the model: activations go out, gradients come back.
 *
 * <p>Several batches may be under way. Used by one thread at a time.
 */
public final class SplitClient implements AutoCloseable {
  private final SplitBottom bottom;
  private final LearnedCodec codec;
  private final CutPlan plan;
  private final Map<Integer, Batch> underWay = new HashMap<>();
  private int messages;

  /** What is kept of a batch until its gradients come. */
  private static final class Batch {
    final CutRows rows;
    final long[] windows;
    final int count;
    final float[] activations;

    Batch(CutRows rows, long[] windows, int count, float[] activations) {
      this.rows = rows;
      this.windows = windows;
      this.count = count;
      this.activations = activations;
    }
  }

  /**
   * What is to be sent for a batch.
   *
   * @param rows what it is known by
   * @param table a side message that goes first, or no bytes
   * @param message the activations
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes on their way: equality is of no interest
  public record Outgoing(CutRows rows, byte[] table, byte[] message) {}

  /** A client; it closes both. */
  public SplitClient(SplitBottom bottom, LearnedCodec codec, CutPlan plan) {
    this.bottom = bottom;
    this.codec = codec;
    this.plan = plan;
  }

  /**
   * Computes and encodes the activations of a batch.
   *
   * @param windows {@code samples.length} windows, see {@link SplitBottom#forward}
   * @param rowsOfWindow tokens a window
   * @param samples the windows' numbers in the training data
   * @throws TributaryException {@code NON_FINITE} if the activations aren't finite; nothing is
   *     under way then
   */
  public Outgoing send(long[] windows, int rowsOfWindow, int[] samples) {
    int count = samples.length;
    CutRows rows = CutRows.ordinary(messages, count * rowsOfWindow).ofSamples(samples);
    byte[] kinds = bottom.kinds(windows, count);
    if (kinds.length > 0) {
      rows = rows.withKinds(kinds);
    }
    var activations = new float[plan.values(rows.count())];
    bottom.forward(windows, count, activations);
    var bytes = new byte[codec.maxEncodedLength(rows.count())];
    byte[] table = codec.takeTable();
    int length = codec.encode(rows, activations, 0, bytes, 0);
    messages++;
    underWay.put(rows.message(), new Batch(rows, windows.clone(), count, activations));
    return new Outgoing(rows, table, Arrays.copyOf(bytes, length));
  }

  /** Answers a server that lacks a table. */
  public byte[] answer(byte[] request) {
    return codec.answer(request);
  }

  /**
   * Takes the gradients of a batch, and adds those of the bottom's parameters.
   *
   * @throws TributaryException {@code CORRUPT_PAYLOAD}; the batch stays under way, as the server
   *     may send them again; {@code PROTOCOL_VIOLATION} for a batch that isn't under way
   */
  public void receive(CutRows rows, byte[] message) {
    Batch batch = underWay.get(rows.message());
    if (batch == null) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "gradients: expected those of a batch under way, found message " + rows.message());
    }
    var gradients = new float[batch.activations.length];
    codec.decodeGradient(batch.rows, message, 0, message.length, gradients, 0);
    underWay.remove(rows.message());
    codec.feedback(batch.rows, batch.activations, 0, gradients, 0);
    bottom.backward(batch.windows, batch.count, gradients);
  }

  /** Gives up a batch that the server has refused, or that is of no use. */
  public void abandon(CutRows rows) {
    Batch batch = underWay.remove(rows.message());
    if (batch != null) {
      codec.abandon(batch.rows);
    }
  }

  /** Forgets the gradients since the last update, as the server does. */
  public void refuse() {
    bottom.refuse();
  }

  /** Ends a step, counted from 1. */
  public void update(long step) {
    bottom.update(step);
    codec.update();
  }

  /** Writes the state of bottom and codec; between two steps. */
  public void saveState(DataOutput out) throws IOException {
    out.writeInt(messages);
    bottom.saveState(out);
    codec.save(out);
  }

  /** Replaces the state by a saved one; batches under way are given up. */
  public void restoreState(DataInput in) throws IOException {
    new ArrayList<>(underWay.values()).forEach(batch -> abandon(batch.rows));
    messages = in.readInt();
    bottom.restoreState(in);
    codec.restore(in);
  }

  /** Bits of each channel, see {@link LearnedCodec#bits}. */
  public float[] bits() {
    return codec.bits();
  }

  @Override
  public void close() {
    bottom.close();
    codec.close();
  }
}
