package io.tributary.agent.split;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.StreamHeader;

/**
 * What a message between the ends of a cut is about: the participant of its stream's header, whose
 * fragment is the micro-batch and whose version is the step. Numbers are promises.
 */
enum SplitVerb {
  /** Activations to learn from, with the windows; back come their gradients and the outcome. */
  LEARN(0),
  /** Activations to measure, with the windows; back comes the outcome. */
  MEASURE(1),
  /** A table, asked for or not; from the server the request for one. */
  TABLE(2),
  /** The step is refused at the client. */
  REFUSE(3),
  /** The client takes part ({@link SplitJoin}); back comes its place ({@link SplitPlace}). */
  JOIN(4),
  /** The client has done all its steps. */
  FINISH(5);

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
