package io.tributary.bench.codecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.command.MeasurementFacts;
import io.tributary.error.TributaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodecRowsTest {
  private static final MeasurementFacts HERE = MeasurementFacts.here("none", 7, List.of(), 1);
  private static final CodecRow ROW =
      new CodecRow(
          "ecq:2b", "simd", "N", "hot", 1, 2.01, 0.3, 1.6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
          13, 0, 10);

  private record Figures(List<CodecRow> rows) {}

  @TempDir private Path folder;

  @Test
  void aRowOfTheFileIsNotMeasuredAgain() {
    Path file = folder.resolve("rows.json");
    HERE.write(file, new Figures(List.of(ROW)));
    var rows = new CodecRows();
    rows.keep(file, HERE);
    assertThat(rows.find("ecq:2b", ValueSet.N, BenchSize.HOT, 1, 10)).isEqualTo(ROW);
    assertThat(rows.find("ecq:2b", ValueSet.L, BenchSize.HOT, 1, 10)).isNull();
    assertThat(rows.find("ecq:2b", ValueSet.N, BenchSize.HOT, 2, 10)).isNull();
    assertThat(rows.find("ecq:2b", ValueSet.N, BenchSize.HOT, 1, 1)).isNull();
    assertThat(rows.find("ecq", ValueSet.N, BenchSize.HOT, 1, 10)).isNull();
  }

  @Test
  void aFileOfSomethingElseIsRefused() throws Exception {
    Path file = folder.resolve("rows.json");
    MeasurementFacts.here("none", 8, List.of(), 1).write(file, new Figures(List.of(ROW)));
    assertThatThrownBy(() -> new CodecRows().keep(file, HERE))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("seed 7")
        .hasMessageContaining("seed 8");
    for (String text : new String[] {"", "[", "{\"run\": 1}", "{\"rows\": [{\"x\": 1}]}"}) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> new CodecRows().keep(file, HERE))
          .as(text)
          .isInstanceOf(TributaryException.class)
          .hasMessageContaining("--json");
    }
  }
}
