package io.tributary.weights.compress;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a tensor.
 *
 * @param name of the tensor
 * @param recipe that was applied
 * @param layout of its bytes
 * @param shape its extents
 * @param elements their product
 * @param bytes that it takes, side information included
 * @param bitsPerWeight of these bytes
 * @param weightError the squared error over the squared weights, 0 if nothing was lost
 * @param proxyLoss the squared error of the outputs over the squared outputs, on the inputs seen in
 *     calibration; null if there was none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TensorReport(
    String name,
    String recipe,
    String layout,
    List<Long> shape,
    long elements,
    long bytes,
    double bitsPerWeight,
    double weightError,
    @Nullable Double proxyLoss) {
  /** Whether a recipe other than plain was applied. */
  boolean isCompressed() {
    return !recipe.equals(io.tributary.weights.recipe.PlainRecipe.NAME);
  }
}
