package io.tributary.sketch;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a sketch knows about the rows that it has seen.
 *
 * @param verdict how far the directions can be trusted
 * @param rows rows that were offered
 * @param skippedRows those of them that were left out for NaN or infinity
 * @param energy the sum of all squares, {@code ‖A‖²}
 * @param directions the largest first; fewer than were asked for if the rows span fewer
 * @param heavyRows rows held whose squared length is at least {@code energy / (d ln d)}; methods
 *     that look for none say 0
 * @param allHeldAreHeavy whether {@code heavyRows} is only the number that there was room for
 * @param drift how far the rows are from random order, in standard deviations of what random order
 *     would show; methods that don't care say 0
 * @param warnings what a reader should know, each a sentence
 */
public record SketchResult(
    Verdict verdict,
    long rows,
    long skippedRows,
    double energy,
    List<Direction> directions,
    long heavyRows,
    boolean allHeldAreHeavy,
    double drift,
    List<String> warnings) {
  /** How far directions can be trusted. */
  public enum Verdict {
    /** All rows were zero, or there were none: there is no direction. */
    EMPTY,
    /** Every row was held: the directions are exact but for rounding. */
    EXACT,
    /** The directions are what the method promises of them. */
    ESTIMATE,
    /** The method found out that it failed; there is no direction. */
    FAILED
  }

  /**
   * An eigenvector of {@code AᵀA}.
   *
   * @param eigenvalue the estimate of its eigenvalue
   * @param vector of length 1, with either sign
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier: equality is of no interest
  public record Direction(double eigenvalue, double[] vector) {}

  /** Freezes the lists. */
  public SketchResult {
    directions = List.copyOf(directions);
    warnings = List.copyOf(warnings);
  }

  /** The ratio of the two largest eigenvalues, as estimated, if two directions are known. */
  public OptionalDouble gap() {
    return directions.size() < 2 || directions.get(1).eigenvalue() <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(directions.get(0).eigenvalue() / directions.get(1).eigenvalue());
  }

  /** Whether the rows can't have come in random order. */
  public boolean hasDrifted() {
    return drift > OrderDriftDetector.ALARM;
  }
}
