package io.tributary.bench.codecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.options.TimeValue;

/** The bench in its shortest form, in this JVM: what it writes, not how fast anything is. */
class CodecBenchTest {
  private static final TimeValue SHORT = TimeValue.milliseconds(10);
  private static final CodecBench BENCH = new CodecBench(0, 1, SHORT, SHORT, 1, 1);
  private static final BenchSize TINY = new BenchSize("hot", 1 << 14, 1);

  @Test
  void everyCodecAndRivalIsMeasured(@TempDir Path folder) throws IOException {
    var rows = new ArrayList<CodecRow>();
    for (String codec : BenchedCodecs.names()) {
      if (!codec.contains(":")) {
        rows.add(BENCH.measure(codec, ValueSet.L, TINY));
      }
    }
    assertThat(rows).extracting(CodecRow::codec).contains("int8block", "lucene7");
    for (CodecRow row : rows) {
      assertThat(row.encodeGbps()).isPositive();
      assertThat(row.decodeVsCopy()).isPositive();
      assertThat(row.bitsPerWeight()).isBetween(0.1, 33.0);
      assertThat(row.snrGapDb()).isGreaterThanOrEqualTo(0);
      assertThat(CodecTable.line(row)).contains(row.codec());
    }
    CodecPlots.write(folder, rows);
    assertThat(Files.readString(folder.resolve("codecs-rate.svg")))
        .contains("Shannon", "int8block");
    assertThat(Files.readString(folder.resolve("codecs-speed.svg"))).contains("lucene7");
  }

  @Test
  void ratesHaveRowsAndOthersCanBeNamed() {
    assertThat(BenchedCodecs.names())
        .contains("ecq", "ecq:2b", "ecq:6b", "topk:0.01-4b", "int4block:32")
        .doesNotHaveDuplicates();
    assertThat(BenchedCodecs.understands("ecq:2.5b")).isTrue();
    assertThat(BenchedCodecs.understands("ecq:frog")).isFalse();
    assertThat(BenchedCodecs.understands("int9block")).isFalse();
    assertThat(BENCH.measure("ecq:2.5b", ValueSet.N, TINY).bitsPerWeight())
        .isEqualTo(2.5, within(0.1));
  }

  @Test
  void severalWindowsAreTakenInTurn() {
    var size = new BenchSize("cold", 1 << 16, 4);
    assertThat(BENCH.measure("int4block:32", ValueSet.N, size).bitsPerWeight())
        .isEqualTo(4.5, within(0.01));
  }

  @Test
  void setsHaveTheErrorsThatAreKnownOfThem() {
    for (var expected :
        List.of(
            new Object[] {ValueSet.N, 0.108},
            new Object[] {ValueSet.L, 0.159},
            new Object[] {ValueSet.T, 0.173})) {
      double[] figures =
          CodecBenchmark.bitsAndError("int4block", (ValueSet) expected[0], 1 << 20, 1);
      assertThat(figures[1]).isCloseTo((double) expected[1], within(0.01));
    }
  }
}
