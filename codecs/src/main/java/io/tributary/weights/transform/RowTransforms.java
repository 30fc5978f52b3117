package io.tributary.weights.transform;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.weights.PartText;

/** The transforms that this build can undo, by the names in their texts. */
public final class RowTransforms {
  private RowTransforms() {}

  /**
   * The transform that a text and its side bytes describe.
   *
   * @param width values in a row
   * @throws TributaryException {@code INVALID_SETTING} if the text isn't a transform's, {@code
   *     STORAGE} if the side bytes don't fit
   */
  public static RowTransform parse(String text, byte[] side, int width) {
    PartText part = PartText.parse("transform", text);
    return switch (part.name()) {
      case ColumnScales.NAME -> {
        part.end();
        checkSide(text, side, (long) width * Short.BYTES);
        yield ColumnScales.read(side);
      }
      case ColumnOrder.NAME -> {
        part.end();
        checkSide(text, side, (long) width * ColumnOrder.bytes(width));
        try {
          yield ColumnOrder.read(side, width);
        } catch (IllegalArgumentException e) {
          throw new TributaryException(
              ErrorCode.STORAGE,
              "transform order: expected each column once, found " + e.getMessage());
        }
      }
      case ColumnRotation.NAME -> {
        int seed = part.number(0, 999_999_999);
        part.end();
        checkSide(text, side, 0);
        yield new ColumnRotation(seed, width);
      }
      default -> throw part.refused("one of columns, order, rotate");
    };
  }

  private static void checkSide(String text, byte[] side, long expected) {
    if (side.length != expected) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "transform " + text + ": expected " + expected + " side bytes, found " + side.length);
    }
  }
}
