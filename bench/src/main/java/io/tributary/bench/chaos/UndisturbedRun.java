package io.tributary.bench.chaos;

import io.tributary.agent.text.Corpus;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.Trainer;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.bench.diloco.run.LoopbackRun;
import java.util.List;

/** The run of a plan without faults, in this process and as fast as it goes: what bits it has. */
final class UndisturbedRun implements LoopbackRun.Participants {
  private final ChaosPlan plan;
  private final Corpus corpus;

  UndisturbedRun(ChaosPlan plan) {
    this.plan = plan;
    corpus = Corpus.read(plan.text(), plan.agents());
  }

  /** The fingerprint of the outer parameters at the end. */
  String fingerprint() {
    return new LoopbackRun(plan.reference(), ChaosPlan.SHAPE.schema(), this).run().fingerprint();
  }

  @Override
  public Trainer open(int participant) {
    int context = ChaosPlan.SHAPE.context();
    var training =
        new TrainingPlan(
            ChaosPlan.SHAPE,
            LearningRate.constant(ChaosPlan.LEARNING_RATE, ChaosPlan.WARM_UP),
            AdamW.Options.defaults());
    return TrainerProvider.named(plan.engine())
        .open(
            training,
            plan.seed(),
            List.of(corpus.sampler(participant, plan.seed(), context, ChaosPlan.BATCH)),
            corpus.heldOut(context, ChaosPlan.HELD_OUT));
  }
}
