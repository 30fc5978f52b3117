package io.tributary.weights.recipe;

import io.tributary.weights.PartText;
import io.tributary.weights.pack.GridLayout;
import io.tributary.weights.pack.GridLayout.ZeroForm;
import io.tributary.weights.pack.ScaleType;
import io.tributary.weights.round.GridFit;

/**
 * The options of recipes whose groups have zeros of their own by default: bits, {@code g=N}, {@code
 * zero=FORM}.
 *
 * @param bits of a code
 * @param group values of a group
 * @param zero the zeros' form
 */
record ZeroOptions(int bits, int group, ZeroForm zero) {
  private static final int GROUP = 64;

  static ZeroOptions read(PartText text) {
    var options =
        new ZeroOptions(
            text.number(2, 8),
            text.integer("g", GROUP, 0, GridLayout.LARGEST_GROUP),
            text.choice("zero", ZeroForm.CODE));
    text.end();
    return options;
  }

  GridFit fit() {
    return new GridFit(new GridLayout(bits, group, ScaleType.F16, zero), false);
  }

  @Override
  public String toString() {
    String form = zero == ZeroForm.CODE ? "" : ",zero=" + PartText.text(zero);
    return ":" + bits + ",g=" + group + form;
  }
}
