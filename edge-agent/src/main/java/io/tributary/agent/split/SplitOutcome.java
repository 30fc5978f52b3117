package io.tributary.agent.split;

/**
 * What activations led to.
 *
 * @param loss mean a token, in nats
 * @param accuracy the share of tokens that were thought the most likely; 0 if not measured
 * @param keepAs the server's step as which the client keeps its state after this one of its own; 0
 *     for not at all
 */
record SplitOutcome(double loss, double accuracy, int keepAs) {}
