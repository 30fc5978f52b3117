package io.tributary.bench.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.agent.trainer.GptShape;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The bench on small matrices: what it finds and writes, not how fast anything is. */
class SketchBenchTest {
  @Test
  void everyMethodRunsOnEveryInstanceWithinTheSameMemory(@TempDir Path folder) throws IOException {
    var rows = new ArrayList<SketchRow>();
    var bench = new SketchBench(SketchBench.methods(), 0, new SketchRows(rows::addAll));
    for (SketchInstance instance : SketchInstance.values()) {
      bench.run(instance, 20, 600, 4, 1);
    }
    assertThat(rows).hasSize(4 * SketchInstance.values().length);
    long most = 8L * (352 * 20 + (1 << 16));
    for (SketchRow row : rows) {
      assertThat(row.cos2()).isBetween(0.0, 1.0);
      assertThat(row.bitsUsed()).isBetween(1L, most).isEqualTo(row.formulaBits());
      assertThat(row.gap()).isGreaterThanOrEqualTo(1);
    }
    assertThat(rows)
        .filteredOn(row -> row.instance().equals("heavy") && row.method().equals("random-order"))
        .allMatch(row -> row.cos2() > 0.9);
    Path picture = folder.resolve("sketch.svg");
    SketchPlot.write(picture, rows, List.of("light", "heavy"));
    assertThat(Files.readString(picture)).contains("light, d = 20", "row-sampling");
  }

  @Test
  void instancesHaveTheGapThatTheyAreNamedFor() {
    for (SketchInstance instance :
        List.of(SketchInstance.LIGHT, SketchInstance.MIXED, SketchInstance.LATE)) {
      float[] values = instance.make(20, 20_000, 4, 3);
      assertThat(ExactTop.of(values, 20, 1).gap()).as(instance.label()).isCloseTo(4, within(0.5));
    }
    float[] tilted = SketchInstance.FIXED_RATE.make(50, 98, 4, 1);
    ExactTop exact = ExactTop.of(tilted, 50, 1);
    assertThat(exact.gap()).isCloseTo(4 / (1 - 4 / 49.0), within(0.05));
    assertThat(exact.vector()[0] * exact.vector()[0]).isCloseTo(1, within(1e-9));
  }

  @Test
  void realMatricesAreShuffled() {
    float[] sorted = SketchInstance.SORTED.make(20, 4000, 4, 1);
    var rows = new ArrayList<SketchRow>();
    var bench = new SketchBench(List.of("random-order"), 0, new SketchRows(rows::addAll));
    bench.runShuffled("tensor", sorted, 20, 1);
    bench.run(SketchInstance.SORTED, 20, 4000, 4, 1);
    assertThat(rows.get(0).drift()).isLessThan(6);
    assertThat(rows.get(1).drift()).isGreaterThan(6);
    assertThat(rows.get(0).r()).isEqualTo(rows.get(0).gap());
  }

  @Test
  void aStudyThatWasStoppedGoesOn(@TempDir Path folder) throws IOException {
    Path json = folder.resolve("sketch.json");
    var rows = new SketchRows(found -> {});
    var bench = new SketchBench(SketchBench.methods(), 0, rows);
    bench.run(SketchInstance.LIGHT, 16, 200, 4, 1);
    String commit = System.getProperty("tributary.commit", "unknown");
    record Figures(List<SketchRow> rows) {}
    MeasurementFacts.here("none", 1, List.of(), 1).write(json, new Figures(rows.all()));
    var again = new SketchRows(found -> {});
    again.keep(json, commit);
    assertThat(again.all()).isEqualTo(rows.all());
    assertThat(again.has("light", 16, 200, 4, 1, SketchBench.methods())).isTrue();
    assertThat(again.has("light", 16, 200, 4, 2, SketchBench.methods())).isFalse();
    assertThat(again.has("light", 16, 200, 2, 1, SketchBench.methods())).isFalse();
    new SketchBench(SketchBench.methods(), 0, again).run(SketchInstance.LIGHT, 16, 200, 4, 1);
    assertThat(again.all()).hasSize(SketchBench.methods().size());
    assertThatThrownBy(() -> new SketchRows(found -> {}).keep(json, "another"))
        .hasMessageContaining("--json: expected rows of commit another");
    Files.writeString(json, "{");
    assertThatThrownBy(() -> new SketchRows(found -> {}).keep(json, commit))
        .isInstanceOf(TributaryException.class);
  }

  @Test
  void speedIsToldBesideThatOfACopy() {
    var rows = new SketchRows(found -> {});
    var bench = new SketchBench(List.of("random-order"), 0, rows);
    bench.speed("random-order", 64, 1, 1_000_000);
    bench.speed("random-order", 64, 1, 1_000_000);
    assertThat(rows.all()).extracting(SketchRow::method).containsExactly("copy", "random-order");
    assertThat(rows.all()).allMatch(row -> row.updatesGbps() > 0 && row.instance().equals("speed"));
    assertThat(rows.all()).allMatch(row -> row.bitsUsed() == row.formulaBits());
  }

  @Test
  void methodsThatAreNoneAreRefused() {
    var error = new StringWriter();
    int code =
        new CommandLine(new SketchCommand())
            .setExecutionExceptionHandler(
                (e, line, result) -> {
                  error.write(e.getMessage());
                  return 1;
                })
            .execute("--method", "oja");
    assertThat(code).isEqualTo(1);
    assertThat(error.toString()).startsWith("--method: expected one of [exponential-oja");
  }

  @Test
  void theExactAnswerIsThatOfTheWholeMatrix() {
    int width = 30;
    float[] values = SketchInstance.LIGHT.make(width, 2000, 1.2, 5);
    ExactTop exact = ExactTop.of(values, width, 1);
    var product = new double[width];
    for (int at = 0; at < values.length; at += width) {
      VectorMath.add(values, at, VectorMath.dot(values, at, exact.vector()), product);
    }
    VectorMath.add(exact.vector(), -exact.eigenvalue(), product);
    assertThat(VectorMath.normalize(product)).isLessThan(1e-7 * exact.eigenvalue());
  }

  @Test
  void gradientsOfTheDemosModelAreRealRows(@TempDir Path folder) throws IOException {
    Path text = folder.resolve("text.txt");
    Files.writeString(
        text, "Small streams say little, and let it flow into one river.\n".repeat(2000));
    GradientRows found = GradientRows.record(new GptShape(2, 2, 16, 32), text, 100, 1);
    assertThat(found.gradients()).hasSameSizeAs(found.activations());
    assertThat(found.gradients().length % found.width()).isZero();
    ExactTop exact = ExactTop.of(found.gradients(), found.width(), 1);
    assertThat(exact.eigenvalue()).isPositive();
    assertThat(exact.gap()).isGreaterThan(1);
  }
}
