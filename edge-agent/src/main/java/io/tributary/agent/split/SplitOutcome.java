package io.tributary.agent.split;

/**
 * What activations led to.
 *
 * @param loss mean a token, in nats
 * @param accuracy the share of tokens that were thought the most likely; 0 if not measured
 */
record SplitOutcome(double loss, double accuracy) {}
