package io.tributary.run;

import io.tributary.codec.CodecRange;
import io.tributary.error.Errors;
import java.util.regex.Pattern;

/**
 * A model's file that a server sends as a stream of kind {@code SHIPMENT}. The stream's chunks are
 * pieces of {@link #PIECE_BYTES} bytes of the file, the last one what is left: the first element is
 * the piece's place in the file, the element count the number of its bytes, the codec {@link
 * #BYTES}. Two files are the same if their lengths and digests are.
 *
 * @param model the name under which it is offered, 1 to 255 characters, none of them a control
 *     character
 * @param bytes the file's length, 1 to {@link #MOST_BYTES}
 * @param sha256 the file's SHA-256, 64 hexadecimal digits in lower case
 */
public record ModelOffer(String model, long bytes, String sha256) {
  /** The bytes of each piece but the last: two frames of the usual length. */
  public static final int PIECE_BYTES = 32 << 10;

  /** The most bytes of a file: more pieces can't be counted. */
  public static final long MOST_BYTES = (long) PIECE_BYTES * Integer.MAX_VALUE;

  /** The codec of a piece: the bytes as they are. No registry has it, as it decodes no floats. */
  public static final CodecRange BYTES = new CodecRange(0x00F0, 1, 1);

  private static final int LONGEST_NAME = 255;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /** Checks all three. */
  public ModelOffer {
    checkName(model);
    if (bytes < 1 || bytes > MOST_BYTES) {
      throw Errors.invalidSetting("bytes of a model", bytes, "1 to " + MOST_BYTES);
    }
    if (!DIGEST.matcher(sha256).matches()) {
      throw Errors.invalidSetting("SHA-256 of a model", sha256, "64 hexadecimal digits");
    }
  }

  static void checkName(String model) {
    if (model.isEmpty()
        || model.length() > LONGEST_NAME
        || model.chars().anyMatch(Character::isISOControl)) {
      throw Errors.invalidSetting(
          "name of a model",
          model,
          "1 to " + LONGEST_NAME + " characters without control characters");
    }
  }

  /** The number of pieces, the chunks of the stream. */
  public int pieces() {
    return (int) ((bytes + PIECE_BYTES - 1) / PIECE_BYTES);
  }

  /** Where a piece begins in the file. */
  public long pieceAt(int piece) {
    return (long) piece * PIECE_BYTES;
  }

  /** The bytes of a piece. */
  public int pieceLength(int piece) {
    return (int) Math.min(PIECE_BYTES, bytes - pieceAt(piece));
  }
}
