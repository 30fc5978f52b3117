package io.tributary.codec;

import io.tributary.config.Setting;
import java.util.List;

/** The settings of codecs; the generated page reads {@link #ALL}. */
public final class CodecSettings {
  /** Which back end computes. */
  public static final Setting<String> BACKEND =
      Setting.ofChoice(
          "backend",
          Backend.class,
          "Where codecs compute; auto takes the fastest usable back end, and a GPU only where it is"
              + " a real one and worth the way there.");

  /** Whether an unusable back end is an error. */
  public static final Setting<Boolean> BACKEND_STRICT =
      Setting.ofBoolean(
          "backend.strict",
          false,
          "Whether a back end that was asked for and can't be used ends the start instead of"
              + " falling back.");

  /** All of them, in the order of the page. */
  public static final List<Setting<?>> ALL = List.of(BACKEND, BACKEND_STRICT);

  private CodecSettings() {}
}
