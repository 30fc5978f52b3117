package io.tributary.command;

import io.tributary.error.Errors;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;

/**
 * Reads the speed of a link as people write it: {@code 2mbit}, {@code 500kbit}, {@code 1.5gbit}, or
 * {@code none}.
 */
public final class ByteRate implements ITypeConverter<Long> {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)(k|m|g)bit(?:/s)?");

  /**
   * Bytes a second, or 0 for {@code none}.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it isn't such a text,
   *     or less than 8 kbit/s
   */
  @Override
  public Long convert(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.equals("none")) {
      return 0L;
    }
    Matcher form = FORM.matcher(lower);
    long bits = 0;
    if (form.matches()) {
      double unit = form.group(2).equals("k") ? 1e3 : form.group(2).equals("m") ? 1e6 : 1e9;
      bits = (long) (Double.parseDouble(form.group(1)) * unit);
    }
    if (bits < 8000 || bits > 400_000_000_000L) {
      throw Errors.invalidSetting(
          "link", text, "a speed from 8kbit to 400gbit such as 500kbit, 2mbit or 1gbit, or none");
    }
    return bits / 8;
  }
}
