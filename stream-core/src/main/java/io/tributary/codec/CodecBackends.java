package io.tributary.codec;

/** What a codec is known by and which back ends it has: what the choice of one needs to know. */
public interface CodecBackends extends BackendOffer {
  /** The codec's identity; the same for every instance that this provider makes. */
  CodecId id();

  /** One line for the table of codecs: what it is and what its parameter means. */
  String description();

  @Override
  default String label() {
    return id().toString();
  }
}
