package io.tributary.weights.compress;

import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightTensor;
import io.tributary.weights.allocate.BitBudget;
import io.tributary.weights.recipe.PlainRecipe;
import io.tributary.weights.recipe.Recipe;
import io.tributary.weights.recipe.Recipes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which size of its recipe each tensor gets, so that all compressed tensors together meet a budget
 * of bits a weight. Each size is tried on each tensor; what counts is its relative loss times the
 * tensor's elements, of the outputs where inputs are known and else of the weights.
 */
public final class BudgetChoice {
  private static final Pattern FORM = Pattern.compile("(\\d{1,2}(?:\\.\\d{1,4})?)bpw");

  private BudgetChoice() {}

  /**
   * The budget that a text such as {@code 3.2bpw} gives.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it has another form
   */
  public static double parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw Errors.invalidSetting("--budget", text, "bits a weight, such as 3.2bpw");
    }
    return Double.parseDouble(form.group(1));
  }

  /**
   * Chooses.
   *
   * @param budget bits for each weight of the tensors that the policy compresses
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} with the nearest budget
   *     if the smallest sizes together exceed this one
   */
  public static Map<String, Recipe> choose(
      WeightFile source, RecipePolicy policy, double budget, ModelCompressor compressor) {
    var names = new ArrayList<String>();
    var recipes = new ArrayList<List<Recipe>>();
    var options = new ArrayList<List<BitBudget.Option>>();
    var chosen = new HashMap<String, Recipe>();
    long weights = 0;
    for (WeightTensor tensor : source.tensors()) {
      Recipe recipe = policy.choose(tensor);
      chosen.put(tensor.name(), recipe);
      if (!(recipe instanceof PlainRecipe)) {
        List<Recipe> sizes = Recipes.sizes(recipe);
        names.add(tensor.name());
        recipes.add(sizes);
        options.add(sizes.stream().map(size -> option(source, tensor, size, compressor)).toList());
        weights += tensor.elements();
      }
    }
    long least = BitBudget.least(options);
    if (least > budget * weights) {
      throw Errors.invalidSetting(
          "--budget",
          String.format(Locale.ROOT, "%.4gbpw", budget),
          String.format(
              Locale.ROOT,
              "at least %.4fbpw, the nearest that %s can do for these tensors",
              Math.ceil(1e4 * least / weights) / 1e4,
              policy));
    }
    int[] sizes = BitBudget.share(options, (long) (budget * weights));
    for (int i = 0; i < sizes.length; i++) {
      chosen.put(names.get(i), recipes.get(i).get(sizes[i]));
    }
    return chosen;
  }

  private static BitBudget.Option option(
      WeightFile source, WeightTensor tensor, Recipe size, ModelCompressor compressor) {
    TensorReport report = compressor.measure(source, tensor, size);
    Double proxy = report.proxyLoss();
    double loss = proxy == null ? report.weightError() : proxy;
    return new BitBudget.Option(8 * report.bytes(), loss * tensor.elements());
  }
}
