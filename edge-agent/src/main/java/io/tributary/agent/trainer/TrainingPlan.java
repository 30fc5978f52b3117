package io.tributary.agent.trainer;

/**
 * What is trained and how; with the text and the seed it decides every bit of a run.
 *
 * @param shape the model
 * @param rate the learning rate by step
 * @param optimizer the options of AdamW
 */
public record TrainingPlan(GptShape shape, LearningRate rate, AdamW.Options optimizer) {}
