package io.tributary.weights.compress;

import io.tributary.error.Errors;
import io.tributary.file.WeightTensor;
import io.tributary.weights.recipe.PlainRecipe;
import io.tributary.weights.recipe.Recipe;
import io.tributary.weights.recipe.Recipes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which recipe a tensor gets: a text of rules with semicolons between them, of which the first that
 * matches wins.
 *
 * <pre>
 *   *.norm*=plain; b.0.*[&gt;=65536]=rtn:8,g=64; *=gptq:3,g=128
 * </pre>
 *
 * <p>On the left stands a glob on the tensor's name ({@code *} any run of characters, {@code ?} any
 * one), then optionally a bound on the number of elements, {@code [<N]} or {@code [>=N]}; on the
 * right a recipe. The last rule must hold for every tensor. A recipe alone is a policy: it holds
 * for all matrices but embeddings and outputs, which it knows by the names of common formats.
 *
 * <p>Whatever the rules, a tensor of fewer than two extents, or of rows shorter than 16 values,
 * stays plain: it is too small to be worth its loss.
 *
 * <p>Immutable, safe for any thread.
 */
public final class RecipePolicy {
  /**
   * Names of embeddings and outputs, whose rows are looked up or decide between words or classes.
   */
  private static final String EDGES =
      "e.weight=plain; *embed*=plain; *wte*=plain; *wpe*=plain; token_embd*=plain;"
          + " *lm_head*=plain; output.weight=plain; wcls*=plain; *cls/predictions*=plain; *pooler*=plain; *=";

  private static final Pattern LEFT =
      Pattern.compile("([^\\[\\]=:,;\\s]+)(?:\\[(<|>=)(\\d{1,9})])?");
  private static final int SHORTEST_ROW = 16;
  private static final String EVERYTHING = glob("*").pattern();
  private static final int LONGEST_TEXT = 10_000;

  private final String text;
  private final List<Rule> rules;

  private RecipePolicy(String text, List<Rule> rules) {
    this.text = text;
    this.rules = rules;
  }

  /** One rule: a glob and a bound on the number of elements, where {@code >= 0} bounds nothing. */
  private record Rule(Pattern glob, boolean below, long bound, Recipe recipe) {
    boolean matches(WeightTensor tensor) {
      return glob.matcher(tensor.name()).matches()
          && (below ? tensor.elements() < bound : tensor.elements() >= bound);
    }

    boolean matchesAll() {
      return glob.pattern().equals(EVERYTHING) && !below && bound == 0;
    }
  }

  /**
   * Reads a policy.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if a rule has another
   *     form or its recipe isn't known
   */
  public static RecipePolicy parse(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw Errors.invalidSetting(
          "policy", text.length() + " characters", "at most " + LONGEST_TEXT);
    }
    if (!text.contains(";") && !LEFT.matcher(left(text)).matches()) {
      Recipe recipe = Recipes.parse(text.trim());
      return new RecipePolicy(recipe.toString(), rules(EDGES + recipe));
    }
    return new RecipePolicy(text, rules(text));
  }

  private static List<Rule> rules(String text) {
    var rules = new ArrayList<Rule>();
    for (String part : text.split(";", -1)) {
      rules.add(rule(part.trim()));
    }
    if (!rules.get(rules.size() - 1).matchesAll()) {
      throw Errors.invalidSetting(
          "policy", "'" + text + "'", "a last rule for all other tensors, such as *=RECIPE");
    }
    return List.copyOf(rules);
  }

  /** What stands before the first equals sign that isn't of a bound; empty if none does. */
  private static String left(String text) {
    int equals = text.indexOf('=', text.indexOf(']') + 1);
    return equals < 0 ? "" : text.substring(0, equals).trim();
  }

  private static Rule rule(String text) {
    String left = left(text);
    Matcher form = LEFT.matcher(left);
    if (!form.matches()) {
      return new Rule(glob("*"), false, 0, Recipes.parse(text));
    }
    long bound = form.group(3) == null ? 0 : Long.parseLong(form.group(3));
    int equals = text.indexOf('=', text.indexOf(']') + 1);
    Recipe recipe = Recipes.parse(text.substring(equals + 1).trim());
    return new Rule(glob(form.group(1)), "<".equals(form.group(2)), bound, recipe);
  }

  private static Pattern glob(String text) {
    return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
  }

  /** The recipe for a tensor. */
  public Recipe choose(WeightTensor tensor) {
    if (tensor.shape().size() < 2 || tensor.width() < SHORTEST_ROW || tensor.elements() == 0) {
      return new PlainRecipe();
    }
    for (Rule rule : rules) {
      if (rule.matches(tensor)) {
        return rule.recipe();
      }
    }
    throw new IllegalStateException("the last rule of '" + text + "' holds for every tensor");
  }

  /** Whether a rule's recipe must know the inputs of matrices. */
  public boolean isCalibrated() {
    return rules.stream().anyMatch(rule -> rule.recipe().isCalibrated());
  }

  /** The text that {@link #parse} read. */
  @Override
  public String toString() {
    return text;
  }
}
