package io.tributary.bench.ship;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * A model as far as it has come.
 *
 * @param model its name
 * @param recipe of its file, or {@code float32} for all of it in the safetensors format
 * @param planes of the file that are there
 * @param allPlanes of the file
 * @param bytes that have come
 * @param seconds from the start of the fetch until they were in the reader's file
 * @param bitsPerWeight bytes for all weights of the model, those that stay plain included
 * @param nll the mean negative log-likelihood of a token, in nats
 * @param perplexity its exponential
 * @param usable whether the likelihood is within {@link #USABLE_NATS} of float32's
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ShipRow(
    String model,
    String recipe,
    int planes,
    int allPlanes,
    long bytes,
    double seconds,
    double bitsPerWeight,
    double nll,
    double perplexity,
    boolean usable) {
  /** How many nats a token a model may lose and still be called of use. */
  static final double USABLE_NATS = 0.1;

  /** The recipe of the model as it is. */
  static final String PLAIN = "float32";
}
