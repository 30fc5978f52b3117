package io.tributary.bench.weights;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * What became of a model.
 *
 * @param model its name
 * @param recipe as it was applied, or {@code float32} for the model as it is
 * @param bitsPerWeight of the tensors that the recipe made small, all side information included
 * @param weightError their squared error, relative to their squares
 * @param proxyLoss the squared error of their outputs, relative to the outputs' squares
 * @param nll the mean negative log-likelihood of a token, in nats
 * @param perplexity its exponential
 * @param seconds for compressing
 * @param peakRssMb the most memory that the process had meanwhile, in MB of 10^6 bytes
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record WeightsRow(
    String model,
    String recipe,
    double bitsPerWeight,
    double weightError,
    @Nullable Double proxyLoss,
    double nll,
    double perplexity,
    double seconds,
    double peakRssMb) {
  /** The recipe of a model as it is. */
  static final String PLAIN = "float32";
}
