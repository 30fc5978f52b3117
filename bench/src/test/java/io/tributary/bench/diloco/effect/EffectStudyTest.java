package io.tributary.bench.diloco.effect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.bench.ChildProcess;
import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.error.TributaryException;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.FragmentMap;
import io.tributary.run.SyncSchedule;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorRole;
import io.tributary.tensor.TensorSpec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectStudyTest {
  @TempDir private Path folder;

  private static Path text() throws IOException {
    try (var files = Files.list(Path.of("target", "text"))) {
      return files.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }

  private JsonNode study(Path json, Path plot) throws IOException {
    List<String> line = new ArrayList<>(List.of("bench", "diloco", "--study", "frontier"));
    line.addAll(List.of("--quick", "--codec", "e3m0+ef", "--text", text().toString()));
    line.addAll(List.of("--json", json.toString(), "--plot", plot.toString()));
    try (ChildProcess child = ChildProcess.start("study", folder, line, event -> {})) {
      child.await();
    }
    return new JsonMapper().readTree(json.toFile());
  }

  @Test
  void theShortFormTrainsAllMethodsAndGoesOnFromItsRows() throws IOException {
    Path json = folder.resolve("rows.json");
    Path plot = folder.resolve("plot.svg");
    JsonNode first = study(json, plot);
    assertThat(first.path("run").path("commit").isTextual()).isTrue();
    var methods = new ArrayList<String>();
    for (JsonNode row : first.path("rows")) {
      methods.add(row.path("method").asText() + " " + row.path("codec").asText());
      assertThat(row.path("heldout_loss").asDouble()).isBetween(1.0, 6.0);
    }
    assertThat(methods)
        .containsExactly(
            "data-parallel bf16", "alone ", "diloco raw32", "streaming raw32", "streaming e3m0+ef");
    JsonNode coded = first.path("rows").get(4);
    assertThat(coded.path("reduction_vs_dp").asDouble()).isGreaterThan(10);
    assertThat(coded.path("bits_per_parameter_exchange").asDouble()).isBetween(4.0, 8.0);
    assertThat(coded.path("peak_mbit").asDouble())
        .isLessThan(first.path("rows").get(2).path("peak_mbit").asDouble() / 7);
    assertThat(Files.readString(plot)).startsWith("<svg").contains("e3m0+ef").endsWith("</svg>\n");

    JsonNode again = study(json, plot);
    assertThat(again.path("rows")).isEqualTo(first.path("rows"));
    assertThat(again.path("run").path("seconds").asDouble())
        .as("nothing trained again")
        .isLessThan(first.path("run").path("seconds").asDouble());
  }

  @Test
  void methodsVaryInOptimizerAndShareOfLocalValues() {
    List<StudyMethod> methods =
        MethodList.asked(
            StudyScale.quick(),
            List.of(ExchangeInterval.fixed(9)),
            List.of("e3m0"),
            List.of("nesterov:0.4,0.9", "average:1"),
            List.of(0.5f, 0f),
            false);
    assertThat(methods)
        .extracting(StudyMethod::name)
        .containsExactly(
            "streaming",
            "streaming, alpha 0.0",
            "streaming, average:1",
            "streaming, average:1, alpha 0.0");
    assertThat(methods)
        .extracting(m -> m.plan(StudyScale.quick(), 1).mixing())
        .containsExactly(0.5f, 0f, 0.5f, 0f);
  }

  @Test
  void aMethodMayHaveOneCodecUpAndAnotherDown() {
    List<StudyMethod> methods =
        MethodList.asked(
            StudyScale.quick(),
            List.of(ExchangeInterval.fixed(9)),
            List.of("ecq:1b;e3m0+ef", "e3m0"),
            List.of(),
            List.of(),
            false);
    assertThat(methods)
        .extracting(m -> m.plan(StudyScale.quick(), 1))
        .extracting(LoopbackPlan::codecUp, LoopbackPlan::codecDown)
        .containsExactly(tuple("ecq:1b", "e3m0+ef"), tuple("e3m0", "e3m0"));
    for (String wrong : List.of("e3m0;e3m0;e3m0", "e3m0;", "e3m0;frog")) {
      assertThatThrownBy(
              () ->
                  MethodList.asked(
                      StudyScale.quick(),
                      List.of(ExchangeInterval.fixed(9)),
                      List.of(wrong),
                      List.of(),
                      List.of(),
                      false))
          .isInstanceOf(TributaryException.class);
    }
  }

  @Test
  void onlyTheFragmentThatIsExchangedNextIsTrained() {
    ModelSchema schema =
        new ModelSchema(
            List.of(
                new TensorSpec("a", List.of(2), TensorRole.NORM, 0, Initializer.constant(0)),
                new TensorSpec("b", List.of(2), TensorRole.NORM, 1, Initializer.constant(0))));
    // Fragment 1 is sent at 2, 6, ...; fragment 0 at 4, 8, ...
    var schedule = new SyncSchedule(2, 8, 4, 0);
    var counting = new CountingTrainer(schema);
    var frozen = new FreezingTrainer(counting, FragmentMap.strided(schema, 2), schedule);
    for (int step = 1; step <= 5; step++) {
      frozen.step(step);
    }
    var a = new float[2];
    var b = new float[2];
    frozen.read(0, a, 0);
    frozen.read(1, b, 0);
    assertThat(a).as("steps 3 and 4").containsExactly(2, 2);
    assertThat(b).as("steps 1, 2 and 5").containsExactly(3, 3);
  }

  /** Adds one to everything in each step. */
  private static final class CountingTrainer implements Trainer {
    private final ModelSchema schema;
    private final float[][] values = {{0, 0}, {0, 0}};

    CountingTrainer(ModelSchema schema) {
      this.schema = schema;
    }

    @Override
    public ModelSchema schema() {
      return schema;
    }

    @Override
    public void read(int tensor, float[] into, int at) {
      System.arraycopy(values[tensor], 0, into, at, 2);
    }

    @Override
    public void write(int tensor, float[] from, int at) {
      System.arraycopy(from, at, values[tensor], 0, 2);
    }

    @Override
    public StepResult step(long step) {
      for (float[] tensor : values) {
        tensor[0]++;
        tensor[1]++;
      }
      return new StepResult(0, 1);
    }

    @Override
    public double heldOutLoss() {
      return 0;
    }

    @Override
    public String sample(String prompt, int length, long seed) {
      return prompt;
    }

    @Override
    public void saveState(DataOutput out) {}

    @Override
    public void restoreState(DataInput in) {}

    @Override
    public void close() {}
  }
}
