package io.tributary.weights.file;

import java.util.Locale;

/**
 * How much of a file is there. Of a file in progressive order a beginning is a model of fewer bits.
 *
 * @param bytes that are there
 * @param wholeBytes of the whole file
 * @param planes sections that all blocks have, of those that are cut into as many: each is a plane
 *     of bits more
 * @param allPlanes the sections of the block that is cut into the most
 */
public record TribExtent(long bytes, long wholeBytes, int planes, int allPlanes) {
  /** Whether nothing is missing. */
  public boolean isWhole() {
    return bytes == wholeBytes;
  }

  /** For people, such as {@code 2 of 4 planes, 61.3 % of 2000000 bytes}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d of %d planes, %.1f %% of %d bytes",
        planes,
        allPlanes,
        100.0 * bytes / wholeBytes,
        wholeBytes);
  }
}
