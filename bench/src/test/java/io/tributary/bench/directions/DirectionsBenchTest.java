package io.tributary.bench.directions;

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

class DirectionsBenchTest {
  @TempDir private Path folder;

  @Test
  void directionsSaveWhereThereAreAnyAndNeverLose() throws IOException {
    Path text;
    try (var files = Files.list(Path.of("target", "text"))) {
      text = files.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
    Path json = folder.resolve("rows.json");
    List<String> line = new ArrayList<>(List.of("bench", "directions", "--quick"));
    line.addAll(List.of("--text", text.toString(), "--json", json.toString()));
    try (ChildProcess child = ChildProcess.start("bench", folder, line, event -> {})) {
      child.await();
    }
    JsonNode figures = new JsonMapper().readTree(json.toFile());
    assertThat(figures.path("run").path("commit").isTextual()).isTrue();
    assertThat(figures.path("rows")).hasSize(6 * 6);
    for (JsonNode row : figures.path("rows")) {
      double saved = row.path("saved").asDouble();
      switch (row.path("codec").asText()) {
        case "directions:0" -> assertThat(saved).isZero();
        case "directions", "directions:1" -> {
          assertThat(saved).isGreaterThan(-0.005);
          if (row.path("activations").asText().equals("one outlier direction")) {
            assertThat(saved).isGreaterThan(0.15);
          }
        }
        default -> assertThat(saved).isLessThan(1);
      }
    }
  }
}
