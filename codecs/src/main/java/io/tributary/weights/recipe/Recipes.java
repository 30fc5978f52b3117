package io.tributary.weights.recipe;

import io.tributary.weights.PartText;
import io.tributary.weights.ggml.BlockEncoder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The recipes of this build, by name. */
public final class Recipes {
  private static final Map<String, Function<PartText, Recipe>> READERS = new TreeMap<>();

  static {
    READERS.put(GptqRecipe.NAME, GptqRecipe::read);
    BlockEncoder.types()
        .forEach(type -> READERS.put(PartText.text(type), text -> GgmlRecipe.read(type, text)));
    READERS.put(HqqRecipe.NAME, HqqRecipe::read);
    READERS.put(SpqrRecipe.NAME, SpqrRecipe::read);
    READERS.put(SinqRecipe.NAME, SinqRecipe::read);
    READERS.put(BaqRecipe.NAME, BaqRecipe::read);
    READERS.put(AwqRecipe.NAME, AwqRecipe::read);
    READERS.put(QuipRecipe.NAME, QuipRecipe::read);
    READERS.put(PlainRecipe.NAME, PlainRecipe::read);
    READERS.put(RtnRecipe.NAME, RtnRecipe::read);
  }

  private Recipes() {}

  /**
   * The recipe that a text names.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if there is none of this
   *     name, with the list of those that there are, or if its options are not as they must be
   */
  public static Recipe parse(String text) {
    PartText part = PartText.parse("recipe", text);
    Function<PartText, Recipe> reader = READERS.get(part.name());
    if (reader == null) {
      throw part.refused("one of " + String.join(", ", READERS.keySet()));
    }
    return reader.apply(part);
  }

  /**
   * The sizes that a recipe comes in: with 2 bits to 8, or all of ggml's types if it is one of
   * them; the recipe alone if it has no sizes.
   */
  public static List<Recipe> sizes(Recipe recipe) {
    PartText part = PartText.parse("recipe", recipe.toString());
    String behind = recipe.toString().replaceFirst("[^,]*", "");
    Stream<String> heads;
    if (recipe instanceof GgmlRecipe) {
      heads = BlockEncoder.types().stream().map(PartText::text);
    } else if (part.isNumbered()) {
      int most = recipe instanceof BaqRecipe ? BaqRecipe.MOST_BITS : 8;
      heads = IntStream.rangeClosed(2, most).mapToObj(bits -> part.name() + ":" + bits);
    } else {
      return List.of(recipe);
    }
    return heads.map(head -> parse(head + behind)).toList();
  }
}
