package io.tributary.codecs.channelwise;

import io.tributary.codec.CutRows;
import io.tributary.codec.RowKind;

/** Where the rows of a message begin in an array, sorted by kind. Belongs to one thread. */
public final class ChannelRows {
  /** Where rows that are quantized begin. */
  public int[] at = new int[0];

  /** Their number. */
  public int count;

  /** Where rows that are carried in half precision begin. */
  int[] first = new int[0];

  int firsts;

  /**
   * Finds the rows.
   *
   * @param firstToo whether first rows are quantized like others
   */
  public void select(CutRows rows, int channels, int from, boolean firstToo) {
    if (at.length < rows.count()) {
      at = new int[rows.count()];
      first = new int[rows.count()];
    }
    count = 0;
    firsts = 0;
    for (int row = 0; row < rows.count(); row++) {
      int kind = rows.kind(row);
      int where = from + row * channels;
      if (kind == RowKind.ORDINARY.number() || (firstToo && kind == RowKind.FIRST.number())) {
        at[count++] = where;
      } else if (kind == RowKind.FIRST.number()) {
        first[firsts++] = where;
      }
    }
  }
}
