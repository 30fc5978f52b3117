package io.tributary.run;

import io.tributary.config.Setting;

/** The settings of a run that agents and coordinators share. */
public final class RunSettings {
  /** How many elements travel in one chunk. */
  public static final Setting<Integer> CHUNK_ELEMENTS =
      Setting.ofInt(
          "chunk.elements",
          65_536,
          256,
          1 << 20,
          "Elements of a tensor that are encoded, credited and journalled together; a multiple of every codec's block.");

  /** The largest model. */
  public static final Setting<Integer> MAX_PARAMETERS =
      Setting.ofInt(
          "run.max-parameters",
          1_000_000_000,
          1,
          Integer.MAX_VALUE,
          "The most parameters of a model that a coordinator accepts from an agent.");

  private RunSettings() {}
}
