package io.tributary.codec;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * A session that can change its codec between two rounds. What it remembers is the same whatever
 * the codec. Belongs to one thread at a time.
 */
public final class LadderSession implements CodecSession {
  private final List<TensorCodec> codecs;
  private final CodecSession session;
  private int rung;

  /**
   * A session on the first rung.
   *
   * @param codecs the codecs of the rungs
   * @param feedback the share of what is lost that the next round brings, 0 for none
   * @param elements the number of elements of the tensor
   */
  LadderSession(List<TensorCodec> codecs, float feedback, int elements) {
    this.codecs = List.copyOf(codecs);
    session =
        feedback > 0
            ? new ErrorFeedbackSession(this::codec, feedback, elements)
            : new PlainSession(this::codec);
  }

  /** The number of rungs. */
  public int rungs() {
    return codecs.size();
  }

  /** The codec of a rung. */
  public TensorCodec codec(int ofRung) {
    return codecs.get(ofRung);
  }

  /** From now on encodes with a rung's codec. */
  public void use(int newRung) {
    java.util.Objects.checkIndex(newRung, codecs.size());
    rung = newRung;
  }

  @Override
  public TensorCodec codec() {
    return codecs.get(rung);
  }

  @Override
  public int encode(int first, float[] source, int from, int count, byte[] target, int at) {
    return session.encode(first, source, from, count, target, at);
  }

  @Override
  public void save(DataOutput out) throws IOException {
    session.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    session.restore(in);
  }
}
