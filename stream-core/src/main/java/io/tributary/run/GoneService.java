package io.tributary.run;

/**
 * An agent that was found for another one isn't connected any more.
 *
 * @param agent its name
 */
public record GoneService(String agent) {}
