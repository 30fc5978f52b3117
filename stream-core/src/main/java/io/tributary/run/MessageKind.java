package io.tributary.run;

import java.util.Arrays;
import java.util.Optional;

/** The messages that agent and coordinator send beside their streams. Numbers are promises. */
public enum MessageKind {
  /** Agent: who I am, which model I train, what I hold ({@link JoinRequest}, JSON). */
  JOIN(1),
  /** Coordinator: the run and your place in it ({@link JoinReply}, JSON). */
  WELCOME(2),
  /** Agent: my checksum of a fragment after an outer step ({@link FragmentChecksum}, 12 bytes). */
  CHECKSUM(3),
  /** Agent: how far I am ({@link AgentProgress}, JSON). */
  PROGRESS(4),
  /** Agent: I have applied the last version of every fragment ({@link AgentFinish}, JSON). */
  FINISHED(5),
  /** Coordinator: everybody has finished; the connection may close (empty). */
  FAREWELL(6),
  /** Agent: my contributions travel in another codec from now on ({@link CodecNotice}, JSON). */
  CODEC(7),
  /** Agent: I take streams of a service from other agents ({@link ServiceOffer}, JSON). */
  OFFER(8),
  /** Agent: find me an agent that offers a service ({@link ServiceRequest}, JSON). */
  SEEK(9),
  /** Coordinator: this agent offers what you seek ({@link FoundService}, JSON). */
  FOUND(10),
  /** Coordinator: the agent that was found for you has left ({@link GoneService}, JSON). */
  GONE(11),
  /** Agent: my worker is alive and waits for a version, said once a second (empty). */
  WAITING(12),
  /** Reader: send me a model that you offer ({@link ModelRequest}, JSON). */
  FETCH(13),
  /** Server: the model whose stream comes next ({@link ModelOffer}, JSON). */
  OFFERED(14);

  private final int number;

  MessageKind(int number) {
    this.number = number;
  }

  /** The number on the wire, 16 bits. */
  public int number() {
    return number;
  }

  /** The kind of a wire number, or empty. */
  public static Optional<MessageKind> fromWire(int number) {
    return Arrays.stream(values()).filter(k -> k.number == number).findFirst();
  }
}
