package io.tributary.bench.diloco.identity;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The study {@code identities}: what must hold for any model and any data, checked on the product's
 * own classes.
 */
public final class IdentityStudy {
  private IdentityStudy() {}

  /**
   * One statement.
   *
   * @param name what is to hold
   * @param holds whether it does
   * @param detail the numbers behind it
   */
  public record Row(String name, boolean holds, String detail) {}

  /**
   * All statements.
   *
   * @param rows each with its outcome
   */
  public record Figures(List<Row> rows) {
    /** Copies the list. */
    public Figures {
      rows = List.copyOf(rows);
    }

    /** Whether every statement holds. */
    public boolean allHold() {
      return rows.stream().allMatch(Row::holds);
    }
  }

  /** Checks everything and prints a line each; {@code quick} leaves out the real model. */
  public static Figures run(boolean quick, long seed, PrintWriter out) {
    var rows = new ArrayList<Row>();
    rows.addAll(new SpecialCases(seed).check(!quick));
    rows.addAll(new ScheduleAndCodec(seed).check());
    rows.addAll(new OrderAndDelay(seed).check());
    rows.addAll(new BytesOnTheWire(seed).check());
    for (Row row : rows) {
      out.printf(
          Locale.ROOT, "%-5s %s: %s%n", row.holds() ? "holds" : "FAILS", row.name(), row.detail());
    }
    return new Figures(rows);
  }
}
