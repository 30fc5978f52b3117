package io.tributary.sketch;

import io.tributary.codec.Backend;
import io.tributary.codec.BackendOffer;
import java.util.Optional;

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

  /**
   * The bytes that a sketch with these options has on a processor, by the method's formula: what
   * {@link RowSketch#peakBytes} counts, whatever the number of rows. A device's back end needs
   * more, for longer chunks.
   *
   * @throws io.tributary.error.TributaryException as {@link #create}
   */
  long bytes(SketchOptions options);

  /** The method's update on an OpenCL device, if it has one there. */
  default Optional<DeviceUpdate> deviceUpdate() {
    return Optional.empty();
  }
}
