package io.tributary.agent.split;

import io.tributary.agent.split.SplitParts.Part;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.codec.LearnedPeer;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.run.RunDocuments;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** One client's end at a server with the whole top, which the client's windows come to. */
final class ServedTop implements ServedEnd {
  private final SplitServer end;
  private final int context;

  /** An end of a top that stays the caller's; it closes the codec. */
  ServedTop(SplitTop top, LearnedPeer codec, SplitTerms terms) {
    end = SplitServer.sharing(top, codec, terms.cutPlan());
    context = terms.context();
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
    throw oneCut();
  }

  @Override
  public SplitParts pass(int index, SplitParts activations) {
    throw oneCut();
  }

  @Override
  public Learned learn(int index, SplitParts message) {
    SplitServer.Answer learned = end.learn(message.require(Part.VALUES), windows(message), context);
    return new Learned(learned.message(), learned.loss());
  }

  @Override
  public SplitParts measure(SplitParts message) {
    SplitTop.Outcome outcome = end.measure(message.require(Part.VALUES), windows(message), context);
    return new SplitParts()
        .with(
            Part.DOCUMENT,
            RunDocuments.toBytes(new SplitOutcome(outcome.loss(), outcome.accuracy(), 0)));
  }

  /** Only the client's codec learns. */
  @Override
  public void update() {}

  /** Nothing is passed on. */
  @Override
  public void abandon() {}

  @Override
  public void save(DataOutput out) throws IOException {
    end.saveCodec(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    end.restoreCodec(in);
  }

  @Override
  public void close() {
    end.close();
  }

  private long[] windows(SplitParts message) {
    byte[] bytes = message.require(Part.WINDOWS);
    if (bytes.length == 0 || bytes.length % (context + 1) != 0) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "windows: expected a multiple of " + (context + 1) + " tokens, found " + bytes.length);
    }
    var windows = new long[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      windows[i] = bytes[i] & 0xFF;
    }
    return windows;
  }

  private static TributaryException oneCut() {
    return new TributaryException(
        ErrorCode.PROTOCOL_VIOLATION,
        "message of a last cut: expected none, as this server has the top of the model");
  }
}
