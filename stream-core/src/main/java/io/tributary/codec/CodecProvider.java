package io.tributary.codec;

import java.util.Optional;
import java.util.Set;

/** What {@link java.util.ServiceLoader} finds: one codec with its back ends and its parameter. */
public interface CodecProvider {
  /** The codec's identity; the same for every instance that this provider makes. */
  CodecId id();

  /** One line for the table of codecs: what it is and what its parameter means. */
  String description();

  /** The back ends that exist, usable here or not. Always contains {@link Backend#SCALAR}. */
  Set<Backend> backends();

  /**
   * Why a back end can't be used on this machine, or the empty string if it can.
   *
   * @throws IllegalArgumentException if {@link #backends()} lacks it
   */
  String unusableBecause(Backend backend);

  /**
   * Why a back end should run only on request, or the empty string if it is a good choice here or
   * unusable anyway. An OpenCL device that is this machine's own processor is the usual case. May
   * be asked before {@link #unusableBecause}, and is then the cheaper question.
   */
  default String discouragedBecause(Backend backend) {
    return "";
  }

  /** What there is to say of a usable back end on this machine: a vector width, a device's name. */
  default String detail(Backend backend) {
    return "";
  }

  /**
   * Makes an instance. Classes of other back ends than the one asked for are not touched.
   *
   * @param parameter the text behind the colon in a policy such as {@code int8block:64}; empty for
   *     the default
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the parameter isn't
   *     understood
   */
  TensorCodec create(Backend backend, String parameter);

  /** Times the programs of {@link Backend#GPU}, which must be usable; empty if there are none. */
  default Optional<DeviceTimings> deviceTimings() {
    return Optional.empty();
  }
}
