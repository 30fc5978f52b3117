package io.tributary.run;

/**
 * How far an agent is.
 *
 * @param step inner steps done
 * @param loss the training loss of the last step, in nats a token
 * @param bytesUp bytes written to the socket so far
 * @param bytesDown bytes read from the socket so far
 */
public record AgentProgress(int step, double loss, long bytesUp, long bytesDown) {}
