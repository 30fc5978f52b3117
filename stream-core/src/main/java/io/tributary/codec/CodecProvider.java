package io.tributary.codec;

import java.util.Optional;

/** What {@link java.util.ServiceLoader} finds: one codec with its back ends and its parameter. */
public interface CodecProvider extends BackendOffer {
  /** The codec's identity; the same for every instance that this provider makes. */
  CodecId id();

  /** One line for the table of codecs: what it is and what its parameter means. */
  String description();

  @Override
  default String label() {
    return id().toString();
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
