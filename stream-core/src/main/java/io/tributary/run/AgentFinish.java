package io.tributary.run;

/**
 * What an agent says when it has applied the last version of every fragment.
 *
 * @param fingerprint {@link OuterParameters#fingerprint} of its own memory
 */
public record AgentFinish(String fingerprint) {}
