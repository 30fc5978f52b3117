package io.tributary.weights.recipe;

import io.tributary.weights.PartText;
import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.ScaleType;
import io.tributary.weights.round.GridFit;

/**
 * The options of all recipes that round to a uniform grid with groups: bits behind the name, {@code
 * g=N} values of a group (0: a whole row), {@code asym} for a zero of each group, {@code search}
 * for spans that clip, {@code scale=TYPE}.
 *
 * @param bits of a code
 * @param group values of a group
 * @param asymmetric whether each group has a zero
 * @param search whether spans are searched
 * @param scale the scales' type
 */
record GridOptions(int bits, int group, boolean asymmetric, boolean search, ScaleType scale) {
  /** Reads the options and leaves others to the recipe. */
  static GridOptions readSome(PartText text, int group) {
    return new GridOptions(
        text.number(2, 8),
        text.integer("g", group, 0, GridLayout.LARGEST_GROUP),
        text.flag("asym"),
        text.flag("search"),
        text.choice("scale", ScaleType.F16));
  }

  static GridOptions read(PartText text, int group) {
    GridOptions options = readSome(text, group);
    text.end();
    return options;
  }

  GridFit fit() {
    return fit(asymmetric ? ZeroForm.CODE : ZeroForm.NONE);
  }

  GridFit fit(ZeroForm zero) {
    return new GridFit(new GridLayout(bits, group, scale, zero), search);
  }

  @Override
  public String toString() {
    return ":"
        + bits
        + ",g="
        + group
        + (asymmetric ? ",asym" : "")
        + (search ? ",search" : "")
        + (scale == ScaleType.F16 ? "" : ",scale=" + PartText.text(scale));
  }
}
