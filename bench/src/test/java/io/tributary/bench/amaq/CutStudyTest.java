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

  private JsonNode study(Path json) throws IOException {
    Path text;
    try (var files = Files.list(Path.of("target", "text"))) {
      text = files.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
    List<String> line = new ArrayList<>(List.of("bench", "amaq", "--quick"));
    line.addAll(List.of("--text", text.toString(), "--json", json.toString()));
    try (ChildProcess child = ChildProcess.start("study", folder, line, event -> {})) {
      child.await();
    }
    return new JsonMapper().readTree(json.toFile());
  }
}
