package io.tributary.sketch;

import io.tributary.codec.Backend;
import io.tributary.codec.BackendOffer;

/** What {@link java.util.ServiceLoader} finds: one method with its back ends. */
public interface RowSketchProvider extends BackendOffer {
  /** The method's name, for instance {@code frequent-directions}. */
  String name();

  @Override
  default String label() {
    return name();
  }

  /** One line: what the method is and what it promises. */
  String description();

  /**
   * Makes a sketch that has seen nothing.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the options ask for
   *     what the method can't do, or for less memory than it needs
   */
  RowSketch create(Backend backend, SketchOptions options);
}
