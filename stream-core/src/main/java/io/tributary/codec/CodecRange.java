package io.tributary.codec;

import java.util.Locale;

/**
 * The format versions of one codec that a side decodes.
 *
 * @param number the codec, 1 to 65535
 * @param oldest the oldest format version, 1 to 255
 * @param newest the newest format version, {@code oldest} to 255
 */
public record CodecRange(int number, int oldest, int newest) {
  /** Checks the ranges. */
  public CodecRange {
    if (number < 1 || number > 0xFFFF || oldest < 1 || newest < oldest || newest > 0xFF) {
      throw new IllegalArgumentException(
          "codec " + number + ", versions " + oldest + " to " + newest);
    }
  }

  /** Whether chunks of this codec and format version are within the range. */
  public boolean includes(int codec, int version) {
    return codec == number && version >= oldest && version <= newest;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "0x%04x v%d..%d", number, oldest, newest);
  }
}
