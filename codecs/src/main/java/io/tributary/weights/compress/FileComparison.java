package io.tributary.weights.compress;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.model.LlamaGguf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** How far the tensors of one file are from those of another. */
public final class FileComparison {
  private static final int CHUNK_VALUES = 1 << 18;

  private FileComparison() {}

  /**
   * A tensor of both files, or of one.
   *
   * @param name of the tensor
   * @param shape its extents
   * @param bitsA bits for each element in the first file; null if it isn't there
   * @param bitsB the same in the second
   * @param error the squared differences over the squares of the first file's values; null if the
   *     tensor isn't in both, or its values can't be read
   * @param largest the largest difference
   * @param differing values that aren't the same number
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Row(
      String name,
      List<Long> shape,
      @Nullable Double bitsA,
      @Nullable Double bitsB,
      @Nullable Double error,
      @Nullable Double largest,
      @Nullable Long differing) {}

  private record Sums(double error, double energy, double largest, long differing) {
    Sums plus(Sums other) {
      return new Sums(
          error + other.error,
          energy + other.energy,
          Math.max(largest, other.largest),
          differing + other.differing);
    }
  }

  /**
   * Compares all tensors: those of equal names and, in a Llama-style model, those that are the same
   * weight whatever its format calls them.
   *
   * @throws TributaryException {@code STORAGE} if a tensor has another shape in the other file
   */
  public static List<Row> compare(WeightFile a, WeightFile b, RowWorkers workers) {
    Function<String, String> inA = commonNames(a);
    Function<String, String> inB = commonNames(b);
    Map<String, WeightTensor> others = new HashMap<>();
    b.tensors().forEach(tensor -> others.put(inB.apply(tensor.name()), tensor));
    var rows = new ArrayList<Row>();
    for (WeightTensor tensor : a.tensors()) {
      WeightTensor other = others.remove(inA.apply(tensor.name()));
      if (other == null) {
        rows.add(single(tensor, bits(tensor), null));
      } else if (!other.shape().equals(tensor.shape())) {
        throw new TributaryException(
            ErrorCode.STORAGE,
            "tensor "
                + tensor.name()
                + ": expected the same shape in both files, found "
                + tensor.shape()
                + " and "
                + other.shape());
      } else {
        rows.add(both(tensor, other, a, b, workers));
      }
    }
    for (WeightTensor tensor : b.tensors()) {
      if (others.containsKey(inB.apply(tensor.name()))) {
        rows.add(single(tensor, null, bits(tensor)));
      }
    }
    return rows;
  }

  /** Names by which tensors of one model are the same whatever its format calls them. */
  private static Function<String, String> commonNames(WeightFile file) {
    Map<String, String> names = LlamaGguf.names(file);
    return name -> names.getOrDefault(name, name);
  }

  private static Row single(WeightTensor tensor, @Nullable Double bitsA, @Nullable Double bitsB) {
    return new Row(tensor.name(), tensor.shape(), bitsA, bitsB, null, null, null);
  }

  private static double bits(WeightTensor tensor) {
    return tensor.elements() == 0 ? 0 : 8.0 * tensor.bytes() / tensor.elements();
  }

  private static Row both(
      WeightTensor tensor, WeightTensor other, WeightFile a, WeightFile b, RowWorkers workers) {
    if (tensor.elements() == 0) {
      return single(tensor, 0.0, 0.0);
    }
    RowMatrix first = a.rows(tensor.name());
    RowMatrix second = b.rows(other.name());
    int chunk = Math.max(1, CHUNK_VALUES / first.width());
    Iterable<Callable<Sums>> parts =
        () ->
            LongStream.range(0, (first.rows() + chunk - 1) / chunk)
                .<Callable<Sums>>mapToObj(part -> () -> sums(first, second, part * chunk, chunk))
                .iterator();
    Sums[] total = {new Sums(0, 0, 0, 0)};
    workers.inOrder(parts, part -> total[0] = total[0].plus(part));
    double error = total[0].error == 0 ? 0 : total[0].error / total[0].energy;
    return new Row(
        tensor.name(),
        tensor.shape(),
        bits(tensor),
        bits(other),
        error,
        total[0].largest,
        total[0].differing);
  }

  private static Sums sums(RowMatrix a, RowMatrix b, long from, int most) {
    int count = (int) Math.min(most, a.rows() - from);
    var x = new float[count * a.width()];
    var y = new float[x.length];
    a.read(from, count, x, 0);
    b.read(from, count, y, 0);
    double error = 0;
    double energy = 0;
    double largest = 0;
    long differing = 0;
    for (int i = 0; i < x.length; i++) {
      if (Float.compare(x[i], y[i]) != 0) {
        double off = Math.abs((double) x[i] - y[i]);
        error += off * off;
        largest = Math.max(largest, off);
        differing++;
      }
      energy += (double) x[i] * x[i];
    }
    return new Sums(error, energy, largest, differing);
  }
}
