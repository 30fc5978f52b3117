package io.tributary.codec;

import io.tributary.error.Errors;

/**
 * How a codec is known: by number and format version on the wire, by name to people.
 *
 * @param number 1 to 0xFFFF; 0x0001 to 0x00FF are assigned by this project and never re-used,
 *     0x8000 and above are for private experiments
 * @param name lower-case letters and digits, beginning with a letter
 * @param version the format version that this build writes, 1 to 255
 * @param oldest the oldest format version that this build reads
 */
public record CodecId(int number, String name, int version, int oldest) {
  /** Checks the ranges. */
  public CodecId {
    if (number < 1 || number > 0xFFFF) {
      throw Errors.invalidSetting("codec number of " + name, number, "1 to 65535");
    }
    if (!name.matches("[a-z][a-z0-9]{0,31}")) {
      throw Errors.invalidSetting(
          "codec name", name, "a letter, then letters or digits, 32 at most");
    }
    if (oldest < 1 || version < oldest || version > 255) {
      throw Errors.invalidSetting(
          "versions of " + name, oldest + " to " + version, "1 to 255 in order");
    }
  }

  /** Whether this build decodes the given format version. */
  public boolean reads(int formatVersion) {
    return formatVersion >= oldest && formatVersion <= version;
  }

  @Override
  public String toString() {
    return name;
  }
}
