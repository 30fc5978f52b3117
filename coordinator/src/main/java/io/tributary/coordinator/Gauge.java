package io.tributary.coordinator;

/**
 * One number of a coordinator's present state.
 *
 * @param name lower case with underscores, its unit last
 * @param sentence what it is
 * @param value now, at least 0
 */
public record Gauge(String name, String sentence, long value) {}
