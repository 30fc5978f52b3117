package io.tributary.link;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a stream carries, with its priority among the streams of a link: 0 goes first. Wire numbers
 * are explicit and never re-used.
 */
public enum StreamKind {
  /** An agent's encoded change of a fragment, to the coordinator. */
  CONTRIBUTION(1, 64),
  /** The outer step's encoded change of a fragment, to an agent. */
  AGGREGATE(2, 64),
  /** Current values for an agent that joins late. */
  SNAPSHOT(3, 128),
  /** Activations of a cut model, between agents: the other end waits for them every step. */
  ACTIVATIONS(4, 32),
  /** The gradients of such activations, between agents. */
  CUT_GRADIENTS(5, 32),
  /** A coarse copy of current values, ahead of the exact ones, for an agent that asked for it. */
  OUTLINE(6, 96),
  /** The bytes of a model's file that the server offers, behind all that trains. */
  SHIPMENT(7, 192);

  private final int number;
  private final int priority;

  StreamKind(int number, int priority) {
    this.number = number;
    this.priority = priority;
  }

  /** The number on the wire, 16 bits. */
  public int number() {
    return number;
  }

  /** How urgent such a stream is, 0 to 255; 0 goes first. */
  public int priority() {
    return priority;
  }

  /** The kind of a wire number, or empty if this build doesn't know it. */
  public static Optional<StreamKind> fromWire(int number) {
    return Arrays.stream(values()).filter(k -> k.number == number).findFirst();
  }
}
