package io.tributary.sketch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The top eigenvectors of {@code AᵀA}, where the rows of {@code A} stream by once, in memory that
 * doesn't depend on their number. The matrix is taken as it is: nothing is subtracted from it.
 *
 * <p>A sketch belongs to one thread at a time. The same rows in the same order and the same options
 * give the same bits, whatever the back end and however the rows are cut into chunks.
 */
public interface RowSketch {
  /** The options that it was made with. */
  SketchOptions options();

  /**
   * Takes some whole rows, one behind the other. A row of zeros counts as a row and changes nothing
   * else.
   *
   * @param values where the rows lie; not kept
   * @param from where the first one begins
   * @param count the number of rows
   * @param width values in each row
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the width isn't the
   *     sketch's, and nothing is taken; {@code NON_FINITE} if a row holds NaN or infinity and the
   *     options refuse those: the rows before it are taken, it and the later ones are not
   */
  void update(float[] values, int from, int count, int width);

  /** The rows that were offered so far, the skipped ones among them. */
  long rows();

  /** The answer for the rows so far; changes nothing. */
  SketchResult result();

  /**
   * The most bytes that the sketch's arrays had at any one time, working space included; objects'
   * headers and the arrays of results are not counted.
   */
  long peakBytes();

  /**
   * Takes what another sketch of the same method and width has seen.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING}, with the reason, if the
   *     method has no merge or if the two don't fit together
   */
  void merge(RowSketch other);

  /** Writes the state; a sketch that restores it continues bit for bit. */
  void save(DataOutput out) throws IOException;

  /**
   * Replaces the state by a saved one of a sketch of the same method and options.
   *
   * @throws io.tributary.error.TributaryException {@code STORAGE} if it is of another one
   */
  void restore(DataInput in) throws IOException;
}
