package io.tributary.weights.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.file.ModelFolder;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.Hessians;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.compress.ModelCompressor;
import io.tributary.weights.compress.RecipePolicy;
import io.tributary.weights.recipe.Recipe;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Perplexities of real models against those of an independent program. */
class PerplexityReferenceTest {
  @TempDir private Path folder;

  private static Perplexity judge(Path model, @Nullable Path tokens, Path text, int windows) {
    JudgedModel judged = JudgedModel.open(model, tokens);
    try (RowWorkers workers = RowWorkers.ofMachine()) {
      return Perplexity.of(judged.model(), judged.windows(text, 0, windows), workers, done -> {});
    }
  }

  @Test
  void stories() {
    Path text = ModelFolder.require("stories260K/tinystories-excerpt.txt");
    Path model = ModelFolder.require("stories260K/stories260K.bin");
    Perplexity found = judge(model, null, text, Integer.MAX_VALUE);
    assertThat(found.tokens()).isEqualTo(7707);
    assertThat(found.windows()).isEqualTo(16);
    assertThat(found.nll()).isCloseTo(1.6551, within(5e-5));
    assertThat(found.perplexity()).isCloseTo(5.234, within(0.001));
  }

  @Test
  void addresses() {
    Path text = ModelFolder.require("lm16m/heldout.txt");
    Perplexity found = judge(ModelFolder.require("lm16m"), null, text, 128);
    assertThat(found.tokens()).isEqualTo(128 * 256);
    assertThat(found.nll()).isCloseTo(3.08662, within(1e-5));
  }

  @Test
  void storiesRoundedToNearest() {
    Path text = ModelFolder.require("stories260K/tinystories-excerpt.txt");
    Path model = ModelFolder.require("stories260K/stories260K.bin");
    Path tokens = ModelFolder.require("stories260K/tok512.bin");
    Perplexity found = judge(rounded(model, "rtn:4,g=32"), tokens, text, Integer.MAX_VALUE);
    assertThat(found.perplexity()).isCloseTo(6.003, within(0.02));
  }

  @ParameterizedTest
  @CsvSource({"'rtn:4,g=128', 3.1086", "'rtn:3,g=128', 3.2169"})
  void addressesRoundedToNearest(String recipe, double nll) {
    Path text = ModelFolder.require("lm16m/heldout.txt");
    Path model = ModelFolder.require("lm16m");
    Path tokens = ModelFolder.require("lm16m/tokenizer.json");
    assertThat(judge(rounded(model, recipe), tokens, text, 128).nll()).isCloseTo(nll, within(1e-3));
  }

  /** The model compressed by a recipe. */
  private Path rounded(Path model, String recipe) {
    Path target = folder.resolve("model.trib");
    try (WeightFile source = WeightFormats.load().open(model);
        RowWorkers workers = RowWorkers.ofMachine()) {
      var tools = new Recipe.Tools(Hessians.none(), workers, line -> {});
      new ModelCompressor(tools, Set.of(), tensor -> {})
          .compress(source, RecipePolicy.parse(recipe), target);
    }
    return target;
  }
}
