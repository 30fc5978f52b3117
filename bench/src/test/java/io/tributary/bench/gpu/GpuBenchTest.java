package io.tributary.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.codec.Backend;
import io.tributary.codec.CodecProvider;
import io.tributary.command.TributaryMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of the bench, on whatever OpenCL device there is. */
class GpuBenchTest {
  @TempDir private Path folder;

  @Test
  void everyProgramHasTheBitsOfItsDefinition() throws IOException {
    for (CodecProvider provider : ServiceLoader.load(CodecProvider.class)) {
      if (provider.backends().contains(Backend.GPU)) {
        String reason = provider.unusableBecause(Backend.GPU);
        boolean required = System.getProperty("required.backends", "").contains("GPU");
        Assumptions.assumeTrue(required || reason.isEmpty(), "bench gpu not tested: " + reason);
      }
    }
    Path json = folder.resolve("gpu.json");
    assertThat(TributaryMain.run("bench", "gpu", "--quick", "--json", json.toString())).isZero();
    JsonNode figures = new JsonMapper().readTree(json.toFile());
    assertThat(figures.path("run").path("device").asText()).isNotEmpty();
    assertThat(figures.path("rows").size()).isGreaterThanOrEqualTo(6);
    for (JsonNode row : figures.path("rows")) {
      assertThat(row.path("checked").asLong()).isGreaterThanOrEqualTo(1 << 21);
      assertThat(row.path("mismatches").asLong()).isZero();
    }
    assertThat(figures.path("rows"))
        .extracting(row -> row.path("codec").asText() + " " + row.path("direction").asText())
        .contains("sketch update4", "sketch update12")
        .contains("amaq range", "amaq pack", "amaq unpack", "amaq slopes");
  }
}
