package io.tributary.weights.compress;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What became of a model.
 *
 * @param fileBytes of the whole file
 * @param tensors in the file's order
 */
public record ModelReport(long fileBytes, List<TensorReport> tensors) {
  /** Freezes the list. */
  public ModelReport {
    tensors = List.copyOf(tensors);
  }

  /** Elements of all tensors that a recipe made small. */
  public long compressedElements() {
    return tensors.stream()
        .filter(TensorReport::isCompressed)
        .mapToLong(TensorReport::elements)
        .reduce(0, Long::sum);
  }

  /** Bits for each of {@link #compressedElements}, side information included; NaN of none. */
  public double bitsPerWeight() {
    long bytes =
        tensors.stream()
            .filter(TensorReport::isCompressed)
            .mapToLong(TensorReport::bytes)
            .reduce(0, Long::sum);
    return 8.0 * bytes / compressedElements();
  }

  /** Bits of the whole file for each element of all tensors; NaN of none. */
  public double fileBitsPerWeight() {
    return 8.0
        * fileBytes
        / tensors.stream().mapToLong(TensorReport::elements).reduce(0, Long::sum);
  }

  /** The mean of the compressed tensors' weight errors, by their elements. */
  public double weightError() {
    return mean(TensorReport::weightError);
  }

  /** The mean of the compressed tensors' proxy losses, by their elements; NaN without inputs. */
  public double proxyLoss() {
    return mean(tensor -> tensor.proxyLoss() == null ? Double.NaN : tensor.proxyLoss());
  }

  private double mean(ToDoubleFunction<TensorReport> figure) {
    double sum = 0;
    for (TensorReport tensor : tensors) {
      if (tensor.isCompressed()) {
        sum += figure.applyAsDouble(tensor) * tensor.elements();
      }
    }
    return sum / compressedElements();
  }
}
