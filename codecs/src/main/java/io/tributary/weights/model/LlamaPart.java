package io.tributary.weights.model;

/** The tensors of a layer. */
enum LlamaPart {
  ATTENTION_NORM,
  QUERY,
  KEY,
  VALUE,
  ATTENTION_OUTPUT,
  FEED_FORWARD_NORM,
  GATE,
  UP,
  DOWN
}
