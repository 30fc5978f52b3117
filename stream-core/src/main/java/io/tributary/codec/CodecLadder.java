package io.tributary.codec;

import io.tributary.error.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The codecs that a sender may choose among for one tensor, from the most exact to the smallest.
 * Written as {@code auto[:CODEC/CODEC/...][@ERROR][+ef[:SHARE]]}, for instance {@code
 * auto:int8block/e3m0/ecq:2b@0.4}; a single {@link CodecChoice} is a ladder of one rung, with
 * nothing to choose.
 *
 * <p>With error feedback there is one residual for all rungs: what one codec lost, another may
 * bring.
 *
 * @param rungs at least one; the first of several is {@value #LOSSLESS}, given or not, since
 *     compressing may lose time
 * @param worstError the largest relative error (norm of the difference by norm) that a rung may
 *     have with the values at hand, 0 to 1; 1 allows everything
 */
public record CodecLadder(List<CodecChoice> rungs, double worstError) {
  /** What {@code auto} by itself stands for. */
  public static final String USUAL = "auto:int8block/e3m0/ecq:2b";

  /** The codec that loses nothing. */
  public static final String LOSSLESS = "raw32";

  private static final double USUAL_ERROR = 0.5;
  private static final Pattern FORM =
      Pattern.compile(
          "auto(?::([a-z0-9][A-Za-z0-9._:/-]{0,255}))?(?:@(0\\.\\d{1,4}|1))?"
              + CodecChoice.FEEDBACK);

  /** Copies the list. */
  public CodecLadder {
    rungs = List.copyOf(rungs);
  }

  /**
   * Reads either form.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it is neither
   */
  public static CodecLadder parse(String text) {
    if (!text.trim().matches("auto([:@+].*)?")) {
      return new CodecLadder(List.of(CodecChoice.parse(text)), 1);
    }
    Matcher form = FORM.matcher(text.trim());
    if (!form.matches()) {
      throw Errors.invalidSetting(
          "codec", "'" + text + "'", "auto[:CODEC/CODEC/...][@ERROR][+ef[:SHARE]]");
    }
    float feedback = CodecChoice.feedback(form.group(3), form.group(4));
    String list = form.group(1) == null ? USUAL.substring("auto:".length()) : form.group(1);
    var rungs = new ArrayList<CodecChoice>();
    for (String rung : list.split("/", -1)) {
      CodecChoice choice = CodecChoice.parse(rung);
      rungs.add(new CodecChoice(choice.name(), choice.parameter(), feedback));
    }
    var lossless = new CodecChoice(LOSSLESS, "", feedback);
    rungs.remove(lossless);
    rungs.add(0, lossless);
    return new CodecLadder(
        rungs, form.group(2) == null ? USUAL_ERROR : Double.parseDouble(form.group(2)));
  }

  /** Whether there is anything to choose. */
  public boolean chooses() {
    return rungs.size() > 1;
  }

  /** Whether what is lost is added to the next round. */
  public boolean errorFeedback() {
    return rungs.get(0).errorFeedback();
  }
}
