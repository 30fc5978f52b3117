package io.tributary.bench.amaq;

/**
 * What crosses a cut in one message.
 *
 * @param windows as {@link io.tributary.agent.trainer.SplitBottom#forward} takes them
 * @param rowsOfWindow rows of each, padding included
 * @param samples the windows' numbers
 * @param rows rows of all windows that aren't padding
 * @param targets how many predictions are judged
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once: equality is of no interest
record CutBatch(long[] windows, int rowsOfWindow, int[] samples, long rows, int targets) {}
