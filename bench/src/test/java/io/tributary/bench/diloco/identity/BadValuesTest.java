package io.tributary.bench.diloco.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.agent.AgentEvent;
import io.tributary.agent.trainer.Trainer;
import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.bench.diloco.run.LoopbackRun;
import io.tributary.coordinator.RunEvent;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One agent of a whole run diverges for a moment; e3m0 has no way to say NaN, raw32 has. */
class BadValuesTest {
  private static final int DIVERGES_AT = 7;
  private static final ModelSchema SCHEMA = StudyModels.layered(2, 300, Initializer.normal(0.2f));

  /** The participants of a run, the second of which has a NaN after step {@link #DIVERGES_AT}. */
  private static final class Diverging implements LoopbackRun.Participants {
    private final Map<Integer, Trainer> trainers = new ConcurrentHashMap<>();
    private final List<String> exclusions = new CopyOnWriteArrayList<>();
    private final List<Float> end = new CopyOnWriteArrayList<>();

    @Override
    public Trainer open(int participant) {
      Trainer trainer = RegressionTrainer.plain(SCHEMA, 1, List.of(participant), 0.1f);
      trainers.put(participant, trainer);
      return trainer;
    }

    @Override
    public void heard(int participant, AgentEvent event) {
      if (participant == 1
          && event instanceof AgentEvent.Progressed progress
          && progress.step() == DIVERGES_AT) {
        Trainer trainer = Objects.requireNonNull(trainers.get(participant));
        var values = new float[300];
        trainer.read(0, values, 0);
        values[17] = Float.NaN;
        trainer.write(0, values, 0);
      }
    }

    @Override
    public void heard(RunEvent event) {
      if (event instanceof RunEvent.Committed made) {
        made.exclusions().forEach(e -> exclusions.add(made.fragment() + " " + e));
      }
    }

    @Override
    public void finished(int participant, Trainer trainer) {
      var values = new float[300];
      trainer.read(0, values, 0);
      for (float value : values) {
        end.add(value);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw32", "e3m0+ef"})
  void anAgentThatDivergesIsNamedAndTheRunGoesOnWithIt(String codec) {
    LoopbackPlan plan =
        LoopbackPlan.diloco(2, 1, 24, 6, "nesterov:0.7,0.9")
            .streaming(2, 1, 0.5f)
            .codecs(codec, codec);
    var participants = new Diverging();
    LoopbackRun.Outcome outcome = new LoopbackRun(plan, SCHEMA, participants).run();
    assertThat(participants.exclusions).hasSize(1);
    // The tensor belongs to no layer, so to the base, fragment 2.
    assertThat(participants.exclusions.get(0))
        .startsWith("2 agent-")
        .contains("tensor 0, element 17: expected a finite value, found NaN");
    assertThat(participants.end).hasSize(600).allMatch(Float::isFinite);
    assertThat(outcome.exchanges()).containsExactlyElementsOf(Arrays.asList(4, 5, 5));
  }
}
