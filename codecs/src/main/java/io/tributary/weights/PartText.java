package io.tributary.weights;

import io.tributary.error.Errors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The text form of a recipe or of one of its parts: a name, perhaps a number behind a colon, then
 * options with commas before them, {@code sinq:4,g=64,asym}.
 *
 * <p>Whoever reads it takes the options that it knows, each once, and ends with {@link #end}, which
 * refuses those that nobody took. Not safe for several threads.
 */
public final class PartText {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final int LONGEST = 200;

  private final String what;
  private final String text;
  private final String name;
  private final OptionalInt number;
  private final Map<String, String> left = new LinkedHashMap<>();
  private final List<String> known = new ArrayList<>();

  private PartText(String what, String text) {
    this.what = what;
    this.text = text;
    if (text.length() > LONGEST) {
      throw refused("at most " + LONGEST + " characters");
    }
    String[] parts = text.split(",", -1);
    String[] head = parts[0].split(":", -1);
    name = head[0];
    boolean numbered = head.length == 2 && NUMBER.matcher(head[1]).matches();
    if (!NAME.matcher(name).matches() || head.length > 2 || (head.length == 2 && !numbered)) {
      throw refused("NAME or NAME:NUMBER, then options such as ,g=64");
    }
    number = numbered ? OptionalInt.of(Integer.parseInt(head[1])) : OptionalInt.empty();
    for (String option : Arrays.asList(parts).subList(1, parts.length)) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      boolean valued = equals < 0 || !value.isEmpty();
      if (!NAME.matcher(key).matches() || !valued || left.put(key, value) != null) {
        throw refused("each option once, as NAME or NAME=VALUE");
      }
    }
  }

  /**
   * Reads a text.
   *
   * @param what it describes, for messages
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it has another form
   */
  public static PartText parse(String what, String text) {
    return new PartText(what, text);
  }

  /** The name before the colon. */
  public String name() {
    return name;
  }

  /** Whether there is a number behind the name. */
  public boolean isNumbered() {
    return number.isPresent();
  }

  /** The number behind the name, which must be there. */
  public int number(int least, int most) {
    if (number.isEmpty() || number.getAsInt() < least || number.getAsInt() > most) {
      throw refused(name + ":N with N from " + least + " to " + most);
    }
    return number.getAsInt();
  }

  /** The value of an option that is a number, or {@code missing}. */
  public int integer(String key, int missing, int least, int most) {
    String value = take(key);
    if (value == null) {
      return missing;
    }
    int found = NUMBER.matcher(value).matches() ? Integer.parseInt(value) : -1;
    if (found < least || found > most) {
      throw refused(key + "=N with N from " + least + " to " + most);
    }
    return found;
  }

  /** The value of an option that is a number with a fraction, or {@code missing}. */
  public double decimal(String key, double missing, double least, double most) {
    String value = take(key);
    if (value == null) {
      return missing;
    }
    double found;
    try {
      found = Double.parseDouble(value);
    } catch (NumberFormatException e) {
      found = Double.NaN;
    }
    if (!(found >= least && found <= most)) {
      throw refused(key + "=X with X from " + least + " to " + most);
    }
    return found;
  }

  /** The value of an option that is one of an enum's names in lower case, or {@code missing}. */
  public <E extends Enum<E>> E choice(String key, E missing) {
    String value = take(key);
    if (value == null) {
      return missing;
    }
    E[] all = missing.getDeclaringClass().getEnumConstants();
    for (E one : all) {
      if (text(one).equals(value)) {
        return one;
      }
    }
    throw refused(key + "=, one of " + Arrays.stream(all).map(PartText::text).toList());
  }

  /** An enum's value as {@link #choice} reads it. */
  public static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Whether an option without a value is there. */
  public boolean flag(String key) {
    String value = take(key);
    if (value != null && !value.isEmpty()) {
      throw refused(key + " without a value");
    }
    return value != null;
  }

  private @org.jspecify.annotations.Nullable String take(String key) {
    known.add(key);
    return left.remove(key);
  }

  /** Refuses the options that were not taken. */
  public void end() {
    if (!left.isEmpty()) {
      String options = known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known));
      throw refused(
          "no option " + left.keySet().iterator().next() + "; " + name + " has: " + options);
    }
  }

  /** The error that this text is not as expected. */
  public RuntimeException refused(String expected) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return Errors.invalidSetting(what, "'" + shown + "'", expected);
  }

  @Override
  public String toString() {
    return text;
  }
}
