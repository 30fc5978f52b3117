package io.tributary.bench.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench on small matrices: what it finds and writes, not how fast anything is. */
class SketchBenchTest {
  @Test
  void everyMethodRunsOnEveryInstanceWithinTheSameMemory(@TempDir Path folder) throws IOException {
    var rows = new ArrayList<SketchRow>();
    var bench = new SketchBench(SketchBench.methods(), 0, rows::add);
    for (SketchInstance instance : SketchInstance.values()) {
      bench.run(instance, 20, 600, 4, 1);
    }
    assertThat(rows).hasSize(4 * SketchInstance.values().length);
    long most = 8L * (352 * 20 + (1 << 16));
    for (SketchRow row : rows) {
      assertThat(row.cos2()).isBetween(0.0, 1.0);
      assertThat(row.bitsUsed()).isBetween(1L, most);
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
    var bench = new SketchBench(List.of("random-order"), 0, rows::add);
    bench.runShuffled("tensor", sorted, 20, 1);
    bench.run(SketchInstance.SORTED, 20, 4000, 4, 1);
    assertThat(rows.get(0).drift()).isLessThan(6);
    assertThat(rows.get(1).drift()).isGreaterThan(6);
    assertThat(rows.get(0).r()).isEqualTo(rows.get(0).gap());
  }
}
