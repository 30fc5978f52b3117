package io.tributary.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.bench.weights.CalibratedModel;
import io.tributary.bench.weights.JudgedText;
import io.tributary.file.ModelFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench on a small model: what it finds, not how fast anything is. */
class ShipBenchTest {
  @TempDir private Path folder;

  @Test
  void eachPlaneThatComesMakesTheModelBetter() {
    ModelFolder.require("stories260K/stories260K.bin");
    String models = ModelFolder.require("").toString();
    JudgedText stories = JudgedText.find("stories260k", models, null, null);
    Path scratch = folder.resolve("ship");
    try (var model = new CalibratedModel(stories, 2, 2, note -> {});
        var bench = new ShipBench(stories.name(), model, 2_000_000, scratch)) {
      assertThat(model.windows()).isEqualTo(2);
      ShipRow plain = bench.plain();
      assertThat(plain.usable()).isTrue();
      assertThat(plain.bitsPerWeight()).isBetween(32.0, 32.5);
      List<ShipRow> rows = bench.run("rtn:8,g=32");
      assertThat(rows).hasSize(8);
      for (int i = 1; i < rows.size(); i++) {
        ShipRow row = rows.get(i);
        assertThat(row.planes()).isEqualTo(i + 1);
        assertThat(row.bytes()).isGreaterThan(rows.get(i - 1).bytes());
        assertThat(row.seconds()).isGreaterThanOrEqualTo(rows.get(i - 1).seconds());
      }
      assertThat(rows.get(0).nll()).isGreaterThan(plain.nll() + 1);
      assertThat(rows.get(0).usable()).isFalse();
      assertThat(rows.get(7).nll()).isCloseTo(plain.nll(), within(0.02));
      assertThat(rows.get(7).usable()).isTrue();
    }
    assertThat(scratch).doesNotExist();
  }
}
