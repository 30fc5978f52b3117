package io.tributary.agent;

/**
 * Which generation of a fragment's error feedback counts.
 *
 * @param generation the version whose contribution left it, 0 as long as there is none
 * @param crc32c over the bytes of that generation; 0 for generation 0
 */
record FeedbackMark(int generation, int crc32c) {
  /** Nothing is remembered. */
  static final FeedbackMark NONE = new FeedbackMark(0, 0);
}
