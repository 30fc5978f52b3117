package io.tributary.agent.split;

/**
 * A client takes part.
 *
 * @param session tells the client's process from the next one of its name
 */
record SplitJoin(String session) {}
