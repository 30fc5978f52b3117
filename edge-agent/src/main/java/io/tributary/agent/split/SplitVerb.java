package io.tributary.agent.split;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.StreamHeader;

/**
 * What a message between the ends of a cut is about: the participant of its stream's header, whose
 * fragment is the micro-batch and whose version is the step. Numbers are promises.
 *
 * <p>The stream's kind says which end of a cut speaks: activations come from the end whose codec
 * learns, gradients from the other. At the last cut of a model whose labels stay at the client that
 * is the server, elsewhere the client.
 */
enum SplitVerb {
  /**
   * Activations to learn from, with the windows unless labels stay; back come their gradients, with
   * the outcome unless the client has it.
   */
  LEARN(0),
  /**
   * Activations to measure, with the windows; back comes the outcome, or if labels stay the
   * activations of the last cut.
   */
  MEASURE(1),
  /** A table, asked for or not, from the end whose codec learns; the request for one to it. */
  TABLE(2),
  /** The step is refused at the client. */
  REFUSE(3),
  /** The client takes part ({@link SplitJoin}); back comes its place ({@link SplitPlace}). */
  JOIN(4),
  /** The client has done all its steps. */
  FINISH(5),
  /**
   * Activations of the last cut, to a client where labels stay; back come their gradients and the
   * outcome.
   */
  HEAD(6),
  /** From a server: join again, as it is about to go back to a state that all have kept. */
  GATHER(7);

  private final int number;

  SplitVerb(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static SplitVerb of(StreamHeader header) {
    for (SplitVerb verb : values()) {
      if (verb.number == header.participant()) {
        return verb;
      }
    }
    throw new TributaryException(
        ErrorCode.PROTOCOL_VIOLATION,
        "message across a cut: unknown subject " + header.participant());
  }
}
