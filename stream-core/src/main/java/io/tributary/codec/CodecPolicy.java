package io.tributary.codec;

import io.tributary.error.Errors;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which codec a tensor travels in. Only senders need a policy: what a receiver must know is in each
 * frame.
 *
 * <p>A policy is a text of rules with commas between them, of which the first that matches wins:
 *
 * <pre>
 *   norm.*=bf16, role:embedding=int8block:64, *[&lt;1024]=raw32, *=e3m0+ef
 * </pre>
 *
 * <p>On the left stands a glob on the tensor's name ({@code *} any run of characters, {@code ?} any
 * one) or {@code role:} with a role's name in lower case, then optionally a bound on the number of
 * elements, {@code [<N]} or {@code [>=N]}. On the right stands a {@link CodecChoice}, or a {@link
 * CodecLadder} where the sender is to choose; all ladders of a policy are the same. A rule without
 * a left side holds for every tensor, so a codec's name alone is a policy. The last rule must hold
 * for every tensor.
 *
 * <p>Immutable, safe for any thread.
 */
public final class CodecPolicy {
  private static final Pattern LEFT = Pattern.compile("([^\\[\\]=,\\s]+)(?:\\[(<|>=)(\\d{1,9})])?");
  private static final String ROLE = "role:";
  private static final String EVERYTHING = glob("*").pattern();

  private final String text;
  private final List<Rule> rules;

  private CodecPolicy(String text, List<Rule> rules) {
    this.text = text;
    this.rules = rules;
  }

  /**
   * Reads a policy and checks every rule against the codecs that there are.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if a rule has another
   *     form, {@code UNKNOWN_CODEC} with the list of codecs if it names none of them
   */
  public static CodecPolicy parse(String text, CodecRegistry registry) {
    var rules = new ArrayList<Rule>();
    for (String part : text.split(",", -1)) {
      Rule rule = rule(part.trim());
      rule.ladder().rungs().forEach(registry::check);
      rules.add(rule);
    }
    if (rules.stream().map(Rule::ladder).filter(CodecLadder::chooses).distinct().count() > 1) {
      throw Errors.invalidSetting(
          "codec policy", "'" + text + "'", "the same in all rules with auto");
    }
    if (!rules.get(rules.size() - 1).matchesAll()) {
      throw Errors.invalidSetting(
          "codec policy", "'" + text + "'", "a last rule for all other tensors, such as *=NAME");
    }
    return new CodecPolicy(text, List.copyOf(rules));
  }

  /**
   * The codec for a tensor, of a policy that leaves no choice.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it does
   */
  public CodecChoice choose(TensorSpec tensor) {
    requireFixed("codec policy");
    return ladder(tensor).rungs().get(0);
  }

  /** Whether the policy leaves no choice. */
  public boolean isFixed() {
    return rules.stream().noneMatch(rule -> rule.ladder().chooses());
  }

  /**
   * Checks that the policy leaves no choice.
   *
   * @param what the policy's name in the error
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it does
   */
  public void requireFixed(String what) {
    if (!isFixed()) {
      throw Errors.invalidSetting(
          what, "'" + text + "'", "no auto: what is encoded once for all suits no single link");
    }
  }

  /** The codecs that there are for a tensor, one or more. */
  public CodecLadder ladder(TensorSpec tensor) {
    for (Rule rule : rules) {
      if (rule.matches(tensor)) {
        return rule.ladder();
      }
    }
    throw new IllegalStateException("the last rule of '" + text + "' holds for every tensor");
  }

  /** The text that {@link #parse} read. */
  @Override
  public String toString() {
    return text;
  }

  private static Rule rule(String text) {
    int equals = text.indexOf('=', text.indexOf(']') + 1);
    String left = equals < 0 ? "*" : text.substring(0, equals).trim();
    CodecLadder ladder = CodecLadder.parse(text.substring(equals + 1));
    Matcher form = LEFT.matcher(left);
    if (!form.matches()) {
      throw Errors.invalidSetting(
          "codec policy rule",
          "'" + text + "'",
          "a glob or role:NAME, then perhaps [<N] or [>=N], then =CODEC");
    }
    String subject = form.group(1);
    int bound = form.group(3) == null ? 0 : Integer.parseInt(form.group(3));
    boolean below = "<".equals(form.group(2));
    return subject.startsWith(ROLE)
        ? new Rule(null, role(subject.substring(ROLE.length())), below, bound, ladder)
        : new Rule(glob(subject), null, below, bound, ladder);
  }

  private static TensorRole role(String name) {
    for (TensorRole role : TensorRole.values()) {
      if (role.name().toLowerCase(Locale.ROOT).equals(name)) {
        return role;
      }
    }
    throw Errors.invalidSetting(
        "role in codec policy",
        name,
        Arrays.stream(TensorRole.values())
            .map(role -> role.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ", "one of ", "")));
  }

  private static Pattern glob(String text) {
    return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
  }

  /** One rule: a glob or a role, a bound on the size where {@code >= 0} bounds nothing. */
  private record Rule(
      @Nullable Pattern glob,
      @Nullable TensorRole role,
      boolean below,
      int bound,
      CodecLadder ladder) {
    boolean matches(TensorSpec tensor) {
      return (glob == null || glob.matcher(tensor.name()).matches())
          && (role == null || role == tensor.role())
          && (below ? tensor.elements() < bound : tensor.elements() >= bound);
    }

    boolean matchesAll() {
      return glob != null && glob.pattern().equals(EVERYTHING) && !below && bound == 0;
    }
  }
}
