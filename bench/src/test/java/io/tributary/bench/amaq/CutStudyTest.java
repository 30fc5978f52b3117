package io.tributary.bench.amaq;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.bench.ChildProcess;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.LearnedCodecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutStudyTest {
  @TempDir private Path folder;

  @Test
  void everyStatementHolds() {
    var codecs = LearnedCodecs.load(CodecRegistry.load());
    for (CutTestRow row : new CutTests(codecs, 1).check()) {
      assertThat(row.holds()).as("%s: %s", row.name(), row.detail()).isTrue();
    }
  }

  @Test
  void theShortFormTrainsAllMethodsAndGoesOnFromItsRows() throws IOException {
    Path json = folder.resolve("rows.json");
    JsonNode first = study(json);
    assertThat(first.path("run").path("commit").isTextual()).isTrue();
    var methods = new ArrayList<String>();
    for (JsonNode row : first.path("rows")) {
      methods.add(row.path("method").asText());
      assertThat(row.path("heldout_loss").asDouble()).isBetween(2.0, 6.0);
      assertThat(row.path("mean_bits").asDouble()).isBetween(0.8, 33.0);
    }
    assertThat(methods).startsWith("uncompressed", "fixed").contains("AMAQ", "amaq-ec", "AQ-SGD");
    assertThat(first.path("tests").size()).isGreaterThan(6);
    JsonNode second = study(json);
    assertThat(second.path("rows")).isEqualTo(first.path("rows"));
  }

  @Test
  void aPretrainedEncoderIsTrainedAndGoesOnFromItsRows() throws IOException {
    var sentences = new StringBuilder("text,label\n");
    for (int i = 0; i < 12; i++) {
      sentences.append("where is my card ").append(i).append(",card\n");
      sentences.append("\"what is the rate, please\",rate\n");
    }
    Path csv = Files.writeString(folder.resolve("sentences.csv"), sentences);
    Path json = folder.resolve("encoder.json");
    List<String> options =
        List.of(
            "--model",
            "minilm",
            "--train",
            csv.toString(),
            "--eval",
            csv.toString(),
            "--weights",
            PretrainedEncoderTest.jar().toString(),
            "--seeds",
            "2");
    JsonNode first = study(options, json);
    assertThat(first.path("channels").size()).isEqualTo(6);
    assertThat(first.path("rows").size()).isEqualTo(6);
    for (JsonNode row : first.path("rows")) {
      assertThat(row.path("model").asText()).contains("MiniLM");
      assertThat(row.path("heldout_loss").asDouble()).isBetween(0.0, 2.0);
      assertThat(row.path("right_by_batch").size()).isEqualTo(4);
    }
    assertThat(first.path("tests").findValuesAsText("name"))
        .contains("amaq-ec at 1.0 bits is within 1.5 points of uncompressed");
    assertThat(study(options, json).path("rows")).isEqualTo(first.path("rows"));
  }

  private JsonNode study(Path json) throws IOException {
    Path text;
    try (var files = Files.list(Path.of("target", "text"))) {
      text = files.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
    return study(List.of("--text", text.toString()), json);
  }

  private JsonNode study(List<String> options, Path json) throws IOException {
    List<String> line = new ArrayList<>(List.of("bench", "amaq", "--quick"));
    line.addAll(options);
    line.addAll(List.of("--json", json.toString()));
    try (ChildProcess child = ChildProcess.start("study", folder, line, event -> {})) {
      child.await();
    }
    return new JsonMapper().readTree(json.toFile());
  }
}
