package io.tributary.codec;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session that can change its codec between two rounds, and for the last one. What it remembers
 * is the same whatever the codec. Belongs to one thread at a time.
 */
public final class LadderSession implements CodecSession {
  private final List<TensorCodec> codecs;
  private final @Nullable TensorCodec last;
  private final CodecSession session;
  private TensorCodec now;

  /**
   * A session on the first rung.
   *
   * @param codecs the codecs of the rungs
   * @param last the codec of the last exchange, null if it has none of its own
   * @param feedback the share of what is lost that the next round brings, 0 for none
   * @param elements the number of elements of the tensor
   */
  LadderSession(
      List<TensorCodec> codecs, @Nullable TensorCodec last, float feedback, int elements) {
    this.codecs = List.copyOf(codecs);
    this.last = last;
    now = codecs.get(0);
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
    now = codecs.get(newRung);
  }

  /** Encodes what follows, the last exchange, with the codec that is for it, if there is one. */
  public void finish() {
    if (last != null) {
      now = last;
    }
  }

  /** Whether there is a rung to choose: of several, and for no exchange that has its own codec. */
  public boolean chooses() {
    return codecs.size() > 1 && now != last;
  }

  @Override
  public TensorCodec codec() {
    return now;
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
