package io.tributary.codec;

import java.util.Set;

/** What a codec is known by and which back ends it has: what the choice of one needs to know. */
public interface CodecBackends {
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
}
