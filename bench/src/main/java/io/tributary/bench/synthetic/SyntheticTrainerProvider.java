package io.tributary.bench.synthetic;

import io.tributary.agent.text.HeldOutWindows;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitEncoderPlan;
import io.tributary.agent.trainer.SplitMiddle;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.agent.trainer.Trainer;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.error.Errors;
import java.util.List;

/** The engine {@code synthetic}, see {@link SyntheticTrainer}. It doesn't cut models. */
public final class SyntheticTrainerProvider implements TrainerProvider {
  /** The engine's name. */
  public static final String NAME = "synthetic";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Trainer open(
      TrainingPlan plan, long seed, List<WindowSampler> samplers, HeldOutWindows heldOut) {
    if (samplers.isEmpty()) {
      throw Errors.invalidSetting("windows of the trainer", "no sampler", "at least one");
    }
    return new SyntheticTrainer(plan, seed, samplers, SyntheticSettings.STEP_TIME.get());
  }

  @Override
  public SplitBottom openBottom(SplitTrainingPlan plan, long seed) {
    throw uncut();
  }

  @Override
  public SplitMiddle openMiddle(SplitTrainingPlan plan, long seed) {
    throw uncut();
  }

  @Override
  public SplitTop openTop(SplitTrainingPlan plan, long seed) {
    throw uncut();
  }

  @Override
  public SplitBottom openEncoderBottom(SplitEncoderPlan plan, long seed) {
    throw uncut();
  }

  @Override
  public SplitTop openEncoderTop(SplitEncoderPlan plan, long seed) {
    throw uncut();
  }

  private static RuntimeException uncut() {
    return Errors.invalidSetting("training engine", NAME, "one that cuts models, such as djl");
  }

  /** Nothing is to be loaded. */
  @Override
  public void warmUp() {}
}
