package io.tributary.codec;

import io.tributary.error.Errors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A codec as people write it: {@code name[:parameter][+ef[:SHARE]]}, for instance {@code
 * int8block}, {@code int8block:64}, {@code e3m0+ef} or {@code topk:0.03-2b+ef:0.95}.
 *
 * @param name the codec's name, see {@link CodecId#name}
 * @param parameter what stands behind the colon, empty for the codec's default
 * @param feedback the share of what one round's rounding lost that {@link ErrorFeedbackSession}
 *     adds to the next round, 1 for {@code +ef}; 0 for no error feedback
 */
public record CodecChoice(String name, String parameter, float feedback) {
  static final String FEEDBACK = "(\\+ef(?::(0\\.\\d{1,4}))?)?";

  private static final Pattern FORM =
      Pattern.compile("([a-z][a-z0-9]{0,31})(?::([A-Za-z0-9._/-]{1,64}))?" + FEEDBACK);

  /**
   * Reads the text form.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it has another form;
   *     whether such a codec exists is the registry's business
   */
  public static CodecChoice parse(String text) {
    Matcher form = FORM.matcher(text.trim());
    if (!form.matches()) {
      throw Errors.invalidSetting("codec", "'" + text + "'", "name[:parameter][+ef[:SHARE]]");
    }
    String parameter = form.group(2);
    return new CodecChoice(
        form.group(1), parameter == null ? "" : parameter, feedback(form.group(3), form.group(4)));
  }

  /** The share that a matched {@link #FEEDBACK} asks for. */
  static float feedback(String whole, String share) {
    return whole == null ? 0 : share == null ? 1 : Float.parseFloat(share);
  }

  /** Whether there is any error feedback. */
  public boolean errorFeedback() {
    return feedback > 0;
  }

  /** The text form; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return name + (parameter.isEmpty() ? "" : ":" + parameter) + feedbackText(feedback);
  }

  static String feedbackText(float feedback) {
    return feedback == 0 ? "" : feedback == 1 ? "+ef" : "+ef:" + feedback;
  }
}
