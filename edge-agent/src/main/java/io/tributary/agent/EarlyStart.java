package io.tributary.agent;

import java.nio.file.Path;

/** On what an agent trains while the exact model is on its way, should it need that. Immutable. */
public sealed interface EarlyStart {
  /**
   * A coarse copy of the run's present parameters, which the coordinator sends ahead.
   *
   * @param codec the codec of the copy
   */
  record Coded(String codec) implements EarlyStart {}

  /**
   * A model that is here, made in whatever recipe, perhaps fetched from who offers it.
   *
   * @param file a file of weights with all tensors of the model that is trained
   */
  record Copied(Path file) implements EarlyStart {}
}
