package io.tributary.codec;

import java.util.Set;

/** Something that can be computed by several back ends, of which one is to be chosen. */
public interface BackendOffer {
  /** What it is called in the line that tells the choice. */
  String label();

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
