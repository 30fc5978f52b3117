package io.tributary.codecs.ecq;

import io.tributary.error.Errors;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a chunk's step is chosen for.
 *
 * @param kind what {@code value} means
 * @param value bits a value, error relative to the chunk's norm, or largest error of any value
 * @param stochastic whether values are rounded up or down at random, so that errors are zero in the
 *     mean; for bits a value only
 */
record EcqTarget(Kind kind, double value, boolean stochastic) {
  /** The three kinds of target and the text that ends each, with the range that can be met. */
  enum Kind {
    BITS("b", 0.1, 12),
    RELATIVE("rel", 1e-4, 0.99),
    ABSOLUTE("abs", 0x1p-90, 0x1p90);

    private final String suffix;
    private final double least;
    private final double most;

    Kind(String suffix, double least, double most) {
      this.suffix = suffix;
      this.least = least;
      this.most = most;
    }
  }

  static final String DEFAULT = "3b";

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,30})?(?:[eE]-?\\d{1,2})?)(b|rel|abs)(-stochastic)?");

  /**
   * Reads a parameter such as {@code 2.5b}, {@code 2b-stochastic}, {@code 0.05rel} or {@code
   * 1e-3abs}; the empty one is {@link #DEFAULT}.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} for another form, and for
   *     a target that can't be met, with the nearest that can
   */
  static EcqTarget parse(String parameter) {
    Matcher form = FORM.matcher(parameter.isEmpty() ? DEFAULT : parameter);
    if (!form.matches() || (form.group(3) != null && !form.group(2).equals(Kind.BITS.suffix))) {
      throw Errors.invalidSetting(
          "parameter of ecq",
          "'" + parameter + "'",
          "bits a value (2.5b or 2.5b-stochastic), a relative error (0.05rel) or a largest error"
              + " (0.001abs)");
    }
    double value = Double.parseDouble(form.group(1));
    for (Kind kind : Kind.values()) {
      if (kind.suffix.equals(form.group(2))) {
        double nearest = Math.min(Math.max(value, kind.least), kind.most);
        if (value != nearest) {
          throw Errors.invalidSetting(
              "parameter of ecq",
              "'" + parameter + "'",
              String.format(
                  Locale.ROOT,
                  "%s%s to %s%s, of which %s%s is nearest",
                  kind.least,
                  kind.suffix,
                  kind.most,
                  kind.suffix,
                  nearest,
                  kind.suffix));
        }
        return new EcqTarget(kind, value, form.group(3) != null);
      }
    }
    throw new IllegalStateException(parameter);
  }
}
