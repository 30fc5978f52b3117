package io.tributary.bench.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.bench.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardStudyTest {
  @TempDir private Path folder;

  @Test
  void theShortFormTrainsUnderAttackAndGoesOnFromItsRows() throws IOException {
    Path json = folder.resolve("rows.json");
    JsonNode first = study(json);
    assertThat(first.path("run").path("commit").isTextual()).isTrue();
    assertThat(first.path("rows")).hasSize(4);
    for (JsonNode row : first.path("rows")) {
      assertThat(row.path("heldout_loss").asDouble()).isBetween(2.0, 6.0);
      assertThat(row.path("rounds").asInt()).isEqualTo(4);
      assertThat(row.path("honest_excluded_rounds").asInt()).isZero();
      int bad = row.path("attacker_contributions").asInt();
      assertThat(bad).isEqualTo(row.path("attack").asText().equals("none") ? 0 : 8);
      assertThat(row.path("attacker_exclusions").asInt()).isEqualTo(bad);
    }
    assertThat(study(json).path("rows")).isEqualTo(first.path("rows"));
  }

  private JsonNode study(Path json) throws IOException {
    Path text;
    try (var files = Files.list(Path.of("target", "text"))) {
      text = files.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
    List<String> line =
        new ArrayList<>(List.of("bench", "guard", "--quick", "--guard", "spectral"));
    line.addAll(List.of("--text", text.toString(), "--json", json.toString()));
    try (ChildProcess child = ChildProcess.start("study", folder, line, event -> {})) {
      child.await();
    }
    return new JsonMapper().readTree(json.toFile());
  }
}
