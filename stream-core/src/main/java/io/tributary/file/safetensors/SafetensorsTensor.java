package io.tributary.file.safetensors;

import java.util.List;

/**
 * A tensor of a file.
 *
 * @param name unique in its file
 * @param type of its elements
 * @param shape the extents; none for a single number, and an extent of 0 for no elements
 * @param begin its first byte, counted from the end of the header
 * @param end the byte after its last
 */
public record SafetensorsTensor(
    String name, ElementType type, List<Long> shape, long begin, long end) {
  /** Freezes the shape. */
  public SafetensorsTensor {
    shape = List.copyOf(shape);
  }

  /** The number of elements. */
  public long elements() {
    return (end - begin) / type.bytes();
  }
}
