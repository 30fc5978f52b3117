package io.tributary.config;

import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One setting: its name, its default, what is allowed and what it does. The value in force is read
 * from the system property {@code tributary.NAME} at each {@link #get}; a value out of bounds is an
 * error, never a silent default.
 *
 * <p>Immutable, safe for any thread.
 *
 * @param <T> the value's type
 */
public final class Setting<T> {
  private static final String PREFIX = "tributary.";

  private final String name;
  private final T defaultValue;
  private final String bounds;
  private final String sentence;
  private final Function<String, @Nullable T> parser;

  private Setting(
      String name,
      T defaultValue,
      String bounds,
      String sentence,
      Function<String, @Nullable T> parser) {
    this.name = name;
    this.defaultValue = defaultValue;
    this.bounds = bounds;
    this.sentence = sentence;
    this.parser = parser;
  }

  /** A whole number from {@code min} to {@code max}, both allowed. */
  public static Setting<Integer> ofInt(
      String name, int defaultValue, int min, int max, String sentence) {
    return new Setting<>(
        name,
        defaultValue,
        "a whole number from " + min + " to " + max,
        sentence,
        text -> {
          int value = Integer.parseInt(text);
          return value < min || value > max ? null : value;
        });
  }

  /** A time from {@code min} to {@code max}, written as milliseconds. */
  public static Setting<Duration> ofMillis(
      String name, long defaultValue, long min, long max, String sentence) {
    return new Setting<>(
        name,
        Duration.ofMillis(defaultValue),
        "milliseconds from " + min + " to " + max,
        sentence,
        text -> {
          long value = Long.parseLong(text);
          return value < min || value > max ? null : Duration.ofMillis(value);
        });
  }

  /** {@code true} or {@code false}. */
  public static Setting<Boolean> ofBoolean(String name, boolean defaultValue, String sentence) {
    return new Setting<>(
        name,
        defaultValue,
        "true or false",
        sentence,
        text -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null);
  }

  /** One of an enum's constants, in lower case, or {@code auto} for none of them. */
  public static <E extends Enum<E>> Setting<String> ofChoice(
      String name, Class<E> choices, String sentence) {
    var allowed = new java.util.TreeSet<String>();
    allowed.add("auto");
    for (E choice : choices.getEnumConstants()) {
      allowed.add(choice.name().toLowerCase(java.util.Locale.ROOT));
    }
    return new Setting<>(
        name,
        "auto",
        "one of " + String.join(", ", allowed),
        sentence,
        text -> allowed.contains(text) ? text : null);
  }

  /**
   * The value in force.
   *
   * @throws TributaryException {@code INVALID_SETTING} if the property's text is out of bounds
   */
  public T get() {
    String text = System.getProperty(property());
    if (text == null) {
      return defaultValue;
    }
    T value;
    try {
      value = parser.apply(text.trim());
    } catch (NumberFormatException e) {
      value = null;
    }
    if (value == null) {
      throw Errors.invalidSetting("setting " + property(), text, bounds);
    }
    return value;
  }

  /** The name without prefix. */
  public String name() {
    return name;
  }

  /** The system property that overrides the default. */
  public String property() {
    return PREFIX + name;
  }

  /** The value when nothing overrides it. */
  public T defaultValue() {
    return defaultValue;
  }

  /** What values are allowed, in words. */
  public String bounds() {
    return bounds;
  }

  /** What the setting does, in one sentence. */
  public String sentence() {
    return sentence;
  }
}
