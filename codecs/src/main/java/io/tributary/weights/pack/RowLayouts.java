package io.tributary.weights.pack;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.weights.PartText;

/** The layouts that this build can read, by the names in their texts. */
public final class RowLayouts {
  private RowLayouts() {}

  /**
   * The layout that a text and its side bytes describe.
   *
   * @param width values in a row
   * @throws TributaryException {@code INVALID_SETTING} if the text isn't a layout's, {@code
   *     STORAGE} if the side bytes don't fit
   */
  public static RowLayout parse(String text, byte[] side, int width) {
    PartText part = PartText.parse("layout", text);
    RowLayout layout =
        switch (part.name()) {
          case PlainLayout.NAME -> {
            var type = part.choice("type", ScaleType.F32);
            part.end();
            yield new PlainLayout(type);
          }
          case GridLayout.NAME -> GridLayout.read(part);
          case LevelsLayout.NAME -> {
            part.end();
            if (side.length != width) {
              throw corrupt(
                  "layout levels: expected " + width + " side bytes, found " + side.length);
            }
            yield LevelsLayout.read(side);
          }
          case SparseLayout.NAME -> SparseLayout.read(part, width);
          case GgmlLayout.NAME -> GgmlLayout.read(part, width);
          default -> throw part.refused("one of plain, grid, levels, spqr, ggml");
        };
    if (side.length != layout.side().length) {
      throw corrupt(
          layout + ": expected " + layout.side().length + " side bytes, found " + side.length);
    }
    return layout;
  }

  static void checkLength(RowLayout layout, int length, int rows, int width) {
    if (length != layout.blockBytes(rows, width)) {
      throw corrupt(
          layout
              + ", block of "
              + rows
              + " rows of "
              + width
              + ": expected "
              + layout.blockBytes(rows, width)
              + " bytes, found "
              + length);
    }
  }

  static TributaryException corrupt(String message) {
    return new TributaryException(ErrorCode.STORAGE, message);
  }
}
