package io.tributary.frame;

import io.tributary.error.Errors;

/**
 * What this side accepts at most; checked before anything is allocated.
 *
 * @param chunkElements the most elements of one chunk, 1 to 2^26
 * @param encodedLength the most bytes of one encoded chunk, 1 to 2^28
 * @param messageLength the most bytes of one message, 1 to 2^26
 */
public record FrameLimits(int chunkElements, int encodedLength, int messageLength) {
  /** Checks the ranges. */
  public FrameLimits {
    require("chunk elements", chunkElements, 1 << 26);
    require("encoded length", encodedLength, 1 << 28);
    require("message length", messageLength, 1 << 26);
  }

  private static void require(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw Errors.invalidSetting("limit of " + what, value, "1 to " + most);
    }
  }
}
