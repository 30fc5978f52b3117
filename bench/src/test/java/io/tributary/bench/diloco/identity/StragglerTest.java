package io.tributary.bench.diloco.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.agent.AgentEvent;
import io.tributary.agent.trainer.Trainer;
import io.tributary.bench.diloco.run.LoopbackPlan;
import io.tributary.bench.diloco.run.LoopbackRun;
import io.tributary.coordinator.RunEvent;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** One of three agents is far slower than the others, and two are enough for a round. */
class StragglerTest {
  private static final int SLOW = 2;
  private static final int STEPS = 15;
  private static final ModelSchema SCHEMA = StudyModels.layered(2, 300, Initializer.normal(0.2f));

  /** The participants of a run, the last of which rests after each step. */
  private static final class OneRests implements LoopbackRun.Participants {
    private final List<RunEvent.Committed> commits = new CopyOnWriteArrayList<>();
    private final List<Integer> stepsOfSlow = new CopyOnWriteArrayList<>();

    @Override
    public Trainer open(int participant) {
      return RegressionTrainer.plain(SCHEMA, 1, List.of(participant), 0.1f);
    }

    @Override
    public void heard(int participant, AgentEvent event) {
      if (participant == SLOW && event instanceof AgentEvent.Progressed progress) {
        stepsOfSlow.add(progress.step());
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(800));
      }
    }

    @Override
    public void heard(RunEvent event) {
      if (event instanceof RunEvent.Committed made) {
        commits.add(made);
      }
    }
  }

  @Test
  void roundsGoOnWithoutItAndItCatchesUpByTheChanges() {
    LoopbackPlan plan =
        LoopbackPlan.diloco(3, 1, STEPS, 5, "nesterov:0.7,0.9").streaming(1, 1, 0.5f).quorum(2);
    var participants = new OneRests();
    // That the run ends says that all three hold the same outer parameters.
    LoopbackRun.Outcome outcome = new LoopbackRun(plan, SCHEMA, participants).run();
    assertThat(outcome.exchanges()).containsExactly(3);
    assertThat(participants.commits.get(0).participants())
        .as("no round is measured yet")
        .containsExactly(0, 1, 2);
    List<String> exclusions =
        participants.commits.stream().flatMap(made -> made.exclusions().stream()).toList();
    assertThat(exclusions).isNotEmpty().allMatch(e -> e.matches("agent-\\d: at work, but .*"));
    assertThat(participants.stepsOfSlow).hasSizeLessThan(STEPS).isSorted();
  }
}
