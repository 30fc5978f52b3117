package io.tributary.link;

/**
 * Where a stream between two agents is passed on to.
 *
 * @param to the link to the agent that gets it, one of the same server
 * @param gauge counts the bytes that are held meanwhile
 */
public record RelayRoute(Link to, RelayGauge gauge) {}
