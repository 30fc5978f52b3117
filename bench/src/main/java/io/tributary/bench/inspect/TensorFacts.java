package io.tributary.bench.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tributary.file.WeightTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of a file.
 *
 * @param name unique in the file
 * @param dtype the type of its elements
 * @param shape its extents
 * @param bytes its size, scales and tables of its own included
 * @param bitsPerWeight of these bytes, 0 if it is empty
 * @param spectrum what a sketch of its rows found, if that was asked for
 * @param spread how far its values lie apart, if that was asked for and can be told
 * @param singularValues the largest first, if they were asked for and can be told
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TensorFacts(
    String name,
    String dtype,
    List<Long> shape,
    long bytes,
    @JsonProperty("bits_per_weight") double bitsPerWeight,
    @Nullable Spectrum spectrum,
    @Nullable Spread spread,
    @JsonProperty("singular_values") @Nullable List<Double> singularValues) {
  /**
   * What a sketch found of a tensor's rows.
   *
   * @param rows rows
   * @param width values in each
   * @param topEigenvalue the largest eigenvalue of {@code AᵀA}, or null if there is none
   * @param topShare its share of the sum of all eigenvalues
   * @param gap the ratio of the two largest, or null if fewer are known
   * @param heavyRows rows of at least {@code 1/(d ln d)} of the energy that were held
   * @param moreHeavyRows whether there was no room for more of them
   * @param verdict how far the numbers can be trusted
   * @param warnings what to know about them
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Spectrum(
      long rows,
      int width,
      @Nullable Double topEigenvalue,
      @Nullable Double topShare,
      @Nullable Double gap,
      long heavyRows,
      boolean moreHeavyRows,
      String verdict,
      List<String> warnings) {}

  /**
   * How far a tensor's values lie apart.
   *
   * @param rms the root of the mean square of all values
   * @param largest the largest magnitude, in units of that
   * @param kurtosis the mean fourth power by the square of the mean square; 3 for normal values
   * @param outliers values beyond 6 of those units
   * @param imbalance the largest deviation of a row or column by the smallest, the mean over tiles
   *     of 128 columns; none for a single row or column, or if one of them is constant
   */
  record Spread(
      double rms, double largest, double kurtosis, long outliers, @Nullable Double imbalance) {}

  /** The product of the extents. */
  long elements() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  static TensorFacts of(
      WeightTensor tensor,
      @Nullable Spectrum spectrum,
      @Nullable Spread spread,
      @Nullable List<Double> singularValues) {
    long elements = tensor.elements();
    return new TensorFacts(
        tensor.name(),
        tensor.type(),
        tensor.shape(),
        tensor.bytes(),
        elements == 0 ? 0 : 8.0 * tensor.bytes() / elements,
        spectrum,
        spread,
        singularValues);
  }
}
