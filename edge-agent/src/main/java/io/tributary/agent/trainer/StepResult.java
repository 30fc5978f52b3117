package io.tributary.agent.trainer;

/**
 * What one inner step reports.
 *
 * @param loss the mean training loss a token, in nats
 * @param tokens the number of predicted tokens
 */
public record StepResult(double loss, int tokens) {}
