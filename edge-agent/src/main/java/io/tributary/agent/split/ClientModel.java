package io.tributary.agent.split;

import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.codec.CodecId;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a client has of the model: the bottom and, where labels stay, the head above the last cut.
 *
 * <p>Used by one thread at a time.
 */
final class ClientModel implements AutoCloseable {
  private final SplitTerms terms;
  private final LearnedCodecs codecs;
  private final CodecId codec;
  private final int mostBytes;
  private final long parameters;
  private final SplitClient bottom;
  private final @Nullable SplitTop top;

  /** The end of the last cut at the present server. */
  private @Nullable SplitServer head;

  /**
   * Opens the parts with their initial values.
   *
   * @throws TributaryException what engine and codec refuse of the terms
   */
  ClientModel(SplitTerms terms, LearnedCodecs codecs) {
    this.terms = terms;
    this.codecs = codecs;
    TrainerProvider engine = TrainerProvider.named(terms.engine());
    LearnedCodec opened = codecs.open(terms.codec(), terms.cutPlan());
    codec = opened.id();
    mostBytes = opened.maxEncodedLength(terms.cutPlan().maxRows());
    var part = engine.openBottom(terms.training(), terms.seed());
    bottom = new SplitClient(part, opened, terms.cutPlan());
    top = terms.labelsStay() ? engine.openTop(terms.training(), terms.seed() + 1) : null;
    parameters = part.schema().parameters() + (top == null ? 0 : top.schema().parameters());
    beginWithAServer();
  }

  CodecId codec() {
    return codec;
  }

  /** The most bytes of a micro-batch's activations. */
  int mostBytes() {
    return mostBytes;
  }

  /** The number of parameters that it trains. */
  long parameters() {
    return parameters;
  }

  SplitClient bottom() {
    return bottom;
  }

  boolean hasHead() {
    return top != null;
  }

  /**
   * The end of the last cut.
   *
   * @throws TributaryException {@code PROTOCOL_VIOLATION} if there is none: a server spoke of it
   *     whose terms have none
   */
  SplitServer head() {
    SplitServer here = head;
    if (here == null) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "message of a last cut: expected none, as the server has the top of the model");
    }
    return here;
  }

  /** The server is one that knows nothing of this client: its codec of the last cut is new. */
  void beginWithAServer() {
    if (top != null) {
      closeHead();
      head =
          SplitServer.sharing(
              top, codecs.openPeer(terms.codec(), terms.lastCutPlan()), terms.lastCutPlan());
    }
  }

  /** Forgets the gradients since the last update. */
  void refuse() {
    bottom.refuse();
    if (top != null) {
      top.refuse();
    }
  }

  /**
   * Ends a step, counted from 1.
   *
   * @throws TributaryException {@code NON_FINITE} for gradients that aren't finite; the head is as
   *     it was then
   */
  void update(int step) {
    bottom.update(step);
    if (top != null) {
      top.update(step);
    }
  }

  /** Writes the state; between two steps. */
  void saveState(DataOutput out) throws IOException {
    bottom.saveState(out);
    if (top != null) {
      top.saveState(out);
      head().saveCodec(out);
    }
  }

  /** Replaces the state by a saved one of the same terms. */
  void restoreState(DataInput in) throws IOException {
    bottom.restoreState(in);
    if (top != null) {
      top.restoreState(in);
      head().restoreCodec(in);
    }
  }

  private void closeHead() {
    if (head != null) {
      head.close();
      head = null;
    }
  }

  @Override
  public void close() {
    bottom.close();
    closeHead();
    if (top != null) {
      top.close();
    }
  }
}
