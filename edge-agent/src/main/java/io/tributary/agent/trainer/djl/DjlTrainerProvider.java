package io.tributary.agent.trainer.djl;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
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
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine {@code djl}: PyTorch in this process. */
public final class DjlTrainerProvider implements TrainerProvider {
  private static final Logger LOG = LoggerFactory.getLogger(DjlTrainerProvider.class);

  @Override
  public String name() {
    return "djl";
  }

  @Override
  public Trainer open(
      TrainingPlan plan, long seed, List<WindowSampler> samplers, HeldOutWindows heldOut) {
    int context = plan.shape().context();
    boolean alike =
        heldOut.context() == context && samplers.stream().allMatch(s -> s.context() == context);
    if (samplers.isEmpty() || !alike) {
      throw Errors.invalidSetting(
          "windows of the trainer",
          samplers.size()
              + " samplers with contexts "
              + samplers.stream().map(WindowSampler::context).toList()
              + ", held-out context "
              + heldOut.context(),
          "at least one sampler, and the model's context " + context + " in all");
    }
    return new GptTrainer(engine(), plan, seed, samplers, heldOut);
  }

  @Override
  public SplitBottom openBottom(SplitTrainingPlan plan, long seed) {
    return new GptBottom(engine(), plan, seed);
  }

  @Override
  public SplitMiddle openMiddle(SplitTrainingPlan plan, long seed) {
    return new GptMiddle(engine(), plan, seed);
  }

  @Override
  public SplitTop openTop(SplitTrainingPlan plan, long seed) {
    return new GptTop(engine(), plan, seed);
  }

  @Override
  public SplitBottom openEncoderBottom(SplitEncoderPlan plan, long seed) {
    return new EncoderBottom(engine(), plan, seed);
  }

  @Override
  public SplitTop openEncoderTop(SplitEncoderPlan plan, long seed) {
    return new EncoderTop(engine(), plan, seed);
  }

  @Override
  public void warmUp() {
    try (NDManager manager = engine().newBaseManager()) {
      manager.ones(new Shape(1)).getFloat();
    }
  }

  private static Engine engine() {
    try {
      Engine engine = Engine.getEngine("PyTorch");
      if (JniUtils.getNumThreads() > 1) {
        LOG.warn(
            "PyTorch works with {} threads: another number of them gives other bits, and is slower"
                + " for small models; set OMP_NUM_THREADS=1",
            JniUtils.getNumThreads());
      }
      return engine;
    } catch (EngineException | LinkageError e) {
      throw new TributaryException(
          ErrorCode.BACKEND_UNAVAILABLE,
          "training engine djl: expected PyTorch to start in this process, found: "
              + e.getMessage()
              + "; is this machine Linux x86_64, and the folder named by DJL_CACHE_DIR writable?",
          e);
    }
  }
}
