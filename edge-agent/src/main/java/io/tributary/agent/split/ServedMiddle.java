package io.tributary.agent.split;

import io.tributary.agent.split.SplitParts.Part;
import io.tributary.agent.trainer.SplitMiddle;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedPeer;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.run.RunDocuments;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** One client's end at a server with the middle alone: the windows never come here. */
final class ServedMiddle implements ServedEnd {
  private final SplitMiddleServer end;

  /** By micro-batch what was passed on. */
  private final Map<Integer, CutRows> passed = new HashMap<>();

  /** An end of a middle that stays the caller's; it closes the codecs. */
  ServedMiddle(SplitMiddle middle, LearnedPeer below, LearnedCodec above, SplitTerms terms) {
    end = new SplitMiddleServer(middle, below, above, terms.cutPlan(), terms.context());
  }

  @Override
  public void table(byte[] message) {
    end.table(message);
  }

  @Override
  public byte[] request(int version) {
    return end.request(version);
  }

  @Override
  public byte[] answer(byte[] request) {
    return end.answer(request);
  }

  @Override
  public SplitParts pass(int index, SplitParts activations) {
    SplitClient.Outgoing out = end.forward(activations.require(Part.VALUES));
    passed.put(index, out.rows());
    return parts(out);
  }

  @Override
  public Learned learn(int index, SplitParts message) {
    double loss = RunDocuments.fromBytes(message.require(Part.DOCUMENT), SplitOutcome.class).loss();
    if (!Double.isFinite(loss)) {
      throw new TributaryException(
          ErrorCode.NON_FINITE, "loss at the client: expected a finite number, found " + loss);
    }
    CutRows rows = passed.get(index);
    if (rows == null) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "gradients of micro-batch " + index + ": expected those of one that was passed on");
    }
    byte[] back = end.backward(rows, message.require(Part.VALUES));
    passed.remove(index);
    return new Learned(back, loss);
  }

  @Override
  public SplitParts measure(SplitParts message) {
    SplitClient.Outgoing out = end.forward(message.require(Part.VALUES));
    end.abandon(out.rows());
    return parts(out);
  }

  @Override
  public void update() {
    end.update();
  }

  @Override
  public void abandon() {
    passed.values().forEach(end::abandon);
    passed.clear();
  }

  @Override
  public void save(DataOutput out) throws IOException {
    end.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    abandon();
    end.restore(in);
  }

  @Override
  public void close() {
    end.close();
  }

  private static SplitParts parts(SplitClient.Outgoing out) {
    return new SplitParts().with(Part.VALUES, out.message()).with(Part.TABLE, out.table());
  }
}
