package io.tributary.run;

import io.tributary.error.Errors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * H, the inner steps between two exchanges of a fragment: the same for the whole run, or growing
 * evenly with the steps. Early in a run replicas move far and need each other often; later they
 * don't.
 *
 * @param first H at the beginning, at least 1
 * @param last H that the end of the run comes up to, at least {@code first}
 */
public record ExchangeInterval(int first, int last) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(?:\\.\\.(\\d{1,9}))?");

  /** Checks the order; whether H suits the fragments is the schedule's business. */
  public ExchangeInterval {
    if (last < first) {
      throw Errors.invalidSetting(
          "h", first + ".." + last, "a number, or two of which the first is not larger");
    }
  }

  /** The same H for the whole run. */
  public static ExchangeInterval fixed(int h) {
    return new ExchangeInterval(h, h);
  }

  /**
   * Reads {@code 30}, or {@code 5..30} for an interval that grows.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it is neither
   */
  public static ExchangeInterval parse(String text) {
    Matcher form = FORM.matcher(text.trim());
    if (!form.matches()) {
      throw Errors.invalidSetting("h", text, "steps such as 30, or 5..30 to grow from 5 to 30");
    }
    int first = Integer.parseInt(form.group(1));
    return new ExchangeInterval(
        first, form.group(2) == null ? first : Integer.parseInt(form.group(2)));
  }

  /** Whether it changes during a run. */
  boolean grows() {
    return last > first;
  }

  /** H of a cycle of exchanges that begins after {@code step} of {@code steps}. */
  int after(int step, int steps) {
    return first + (int) ((long) (last - first) * step / steps);
  }

  /** The text form; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return first == last ? "" + first : first + ".." + last;
  }
}
