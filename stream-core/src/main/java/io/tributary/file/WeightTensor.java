package io.tributary.file;

import java.util.List;

/**
 * A tensor of a file of weights.
 *
 * @param name unique in its file
 * @param type of its elements or blocks as its format names it, for people
 * @param shape the extents, slowest first; none for a single number
 * @param bytes what it takes in the file, its own scales and tables included
 */
public record WeightTensor(String name, String type, List<Long> shape, long bytes) {
  /** Freezes the shape. */
  public WeightTensor {
    shape = List.copyOf(shape);
  }

  /**
   * The number of elements.
   *
   * @throws ArithmeticException if there are 2^63 or more
   */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** The values of a row: the last extent, 1 for a single number. */
  public long width() {
    return shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
  }
}
