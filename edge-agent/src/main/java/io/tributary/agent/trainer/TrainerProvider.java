package io.tributary.agent.trainer;

import io.tributary.agent.text.HeldOutWindows;
import io.tributary.agent.text.WindowSampler;
import io.tributary.error.Errors;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * A training engine, found by {@link ServiceLoader}: so that nothing but the engine's own package
 * names it.
 */
public interface TrainerProvider {
  /** The name under which the engine is asked for. */
  String name();

  /**
   * Opens a trainer with the initial values of {@code seed}.
   *
   * @param samplers whose windows each step trains on. An agent has one sampler, its own. With
   *     several a step takes the mean gradient over all their windows: synchronous data parallelism
   *     in one process
   * @param heldOut the text on which loss is measured
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the windows' context
   *     differs from the model's or there is no sampler; {@code BACKEND_UNAVAILABLE} if the engine
   *     can't start here
   */
  Trainer open(TrainingPlan plan, long seed, List<WindowSampler> samplers, HeldOutWindows heldOut);

  /**
   * Opens the part of a model below a cut, with initial values of {@code seed}.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} for a cut outside the
   *     model; {@code BACKEND_UNAVAILABLE} if the engine can't start here
   */
  SplitBottom openBottom(SplitTrainingPlan plan, long seed);

  /**
   * Opens the part of a model between its two cuts; otherwise as {@link #openBottom}.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} also for one that is cut
   *     once
   */
  SplitMiddle openMiddle(SplitTrainingPlan plan, long seed);

  /** Opens the part of a model above its last cut; otherwise as {@link #openBottom}. */
  SplitTop openTop(SplitTrainingPlan plan, long seed);

  /**
   * Opens the part of a pre-trained encoder below a cut, with initial values of {@code seed} for
   * what learns. Its windows are {@link SentenceWindows}, of any length up to the encoder's
   * positions.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} for an engine without
   *     encoders; {@code BACKEND_UNAVAILABLE} if it can't start here
   */
  SplitBottom openEncoderBottom(SplitEncoderPlan plan, long seed);

  /** Opens the part of a pre-trained encoder above a cut; as {@link #openEncoderBottom}. */
  SplitTop openEncoderTop(SplitEncoderPlan plan, long seed);

  /**
   * Loads the engine, unpacking its native library if that is still to be done.
   *
   * @throws io.tributary.error.TributaryException {@code BACKEND_UNAVAILABLE} if it can't start
   */
  void warmUp();

  /**
   * The engine called {@code name}.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if there is none, with
   *     the names of those that exist
   */
  static TrainerProvider named(String name) {
    var known = new TreeSet<String>();
    for (TrainerProvider provider : ServiceLoader.load(TrainerProvider.class)) {
      if (provider.name().equals(name)) {
        return provider;
      }
      known.add(provider.name());
    }
    throw Errors.invalidSetting("training engine", name, "one of " + String.join(", ", known));
  }
}
