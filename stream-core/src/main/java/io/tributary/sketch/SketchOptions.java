package io.tributary.sketch;

import io.tributary.error.Errors;

/**
 * What a sketch is to find, and with how much.
 *
 * @param width values in a row, 1 to 2^24
 * @param directions how many eigenvectors are wanted, 1 to 64
 * @param budgetBytes the most bytes that the sketch may hold, from which each method takes its own
 *     sizes; 0 for {@value #DEFAULT_BYTES_PER_VALUE} bytes for each value of a row and 64 KiB more
 * @param heavyBits bits of each value of a heavy row that is held: 32, or 8 with a scale for each
 *     row; methods that hold no heavy rows ignore it
 * @param seed where random choices begin
 * @param nonFinite what is done with a row that holds NaN or infinity
 */
public record SketchOptions(
    int width,
    int directions,
    long budgetBytes,
    int heavyBits,
    long seed,
    NonFiniteRows nonFinite) {
  /** Bytes for each value of a row when no budget is given: 32 heavy rows beside 24 vectors. */
  public static final int DEFAULT_BYTES_PER_VALUE = 352;

  private static final int WIDEST = 1 << 24;
  private static final int MOST_DIRECTIONS = 64;
  private static final int SMALL_MATRICES = 1 << 16;

  /** What is done with a row that holds NaN or infinity. */
  public enum NonFiniteRows {
    /** It is an error that names the row. */
    REFUSE,
    /** It is counted and left out. */
    SKIP
  }

  /** Checks every component. */
  public SketchOptions {
    if (width < 1 || width > WIDEST) {
      throw Errors.invalidSetting("width of a sketch's rows", width, "1 to " + WIDEST);
    }
    if (directions < 1 || directions > MOST_DIRECTIONS) {
      throw Errors.invalidSetting("directions of a sketch", directions, "1 to " + MOST_DIRECTIONS);
    }
    if (budgetBytes < 0) {
      throw Errors.invalidSetting("budget of a sketch", budgetBytes, "0 or a number of bytes");
    }
    if (heavyBits != 8 && heavyBits != 32) {
      throw Errors.invalidSetting("bits of a sketch's heavy rows", heavyBits, "8 or 32");
    }
  }

  /** The defaults for a width: one direction, heavy rows as they are, seed 1, NaN refused. */
  public static SketchOptions of(int width) {
    return new SketchOptions(width, 1, 0, 32, 1, NonFiniteRows.REFUSE);
  }

  /** The same with another number of directions. */
  public SketchOptions withDirections(int directions) {
    return new SketchOptions(width, directions, budgetBytes, heavyBits, seed, nonFinite);
  }

  /** The same with another budget. */
  public SketchOptions withBudgetBytes(long budgetBytes) {
    return new SketchOptions(width, directions, budgetBytes, heavyBits, seed, nonFinite);
  }

  /** The same with heavy rows of other precision. */
  public SketchOptions withHeavyBits(int heavyBits) {
    return new SketchOptions(width, directions, budgetBytes, heavyBits, seed, nonFinite);
  }

  /** The same with another seed. */
  public SketchOptions withSeed(long seed) {
    return new SketchOptions(width, directions, budgetBytes, heavyBits, seed, nonFinite);
  }

  /** The same with another treatment of rows that hold NaN or infinity. */
  public SketchOptions withNonFinite(NonFiniteRows nonFinite) {
    return new SketchOptions(width, directions, budgetBytes, heavyBits, seed, nonFinite);
  }

  /** The bytes that may be held: the budget, or what stands for none. */
  public long mostBytes() {
    return budgetBytes > 0 ? budgetBytes : (long) DEFAULT_BYTES_PER_VALUE * width + SMALL_MATRICES;
  }
}
