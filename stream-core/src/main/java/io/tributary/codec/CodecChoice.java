package io.tributary.codec;

import io.tributary.error.Errors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A codec as people write it: {@code name[:parameter][+ef]}, for instance {@code int8block}, {@code
 * int8block:64} or {@code e3m0+ef}.
 *
 * @param name the codec's name, see {@link CodecId#name}
 * @param parameter what stands behind the colon, empty for the codec's default
 * @param errorFeedback whether {@code +ef} asks for {@link ErrorFeedbackSession}
 */
public record CodecChoice(String name, String parameter, boolean errorFeedback) {
  private static final Pattern FORM =
      Pattern.compile("([a-z][a-z0-9]{0,31})(?::([A-Za-z0-9._/-]{1,64}))?(\\+ef)?");

  /**
   * Reads the text form.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it has another form;
   *     whether such a codec exists is the registry's business
   */
  public static CodecChoice parse(String text) {
    Matcher form = FORM.matcher(text.trim());
    if (!form.matches()) {
      throw Errors.invalidSetting("codec", "'" + text + "'", "name[:parameter][+ef]");
    }
    String parameter = form.group(2);
    return new CodecChoice(
        form.group(1), parameter == null ? "" : parameter, form.group(3) != null);
  }

  /** The text form; {@link #parse} reads it back. */
  @Override
  public String toString() {
    return name + (parameter.isEmpty() ? "" : ":" + parameter) + (errorFeedback ? "+ef" : "");
  }
}
