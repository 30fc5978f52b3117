package io.tributary.codec;

import java.util.Optional;

/** What {@link java.util.ServiceLoader} finds: one learned codec with both its ends. */
public interface LearnedCodecProvider extends CodecBackends {
  /**
   * Opens the end that sends activations.
   *
   * @param codecs other codecs that this one may be built on
   * @param parameter the text behind the colon, as in {@code amaq:fixed}; empty for the default
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the parameter isn't
   *     understood, or the plan can't be met
   */
  LearnedCodec open(Backend backend, CodecRegistry codecs, CutPlan plan, String parameter);

  /** Opens the end that sends gradients; the bytes tell it all that a parameter would. */
  LearnedPeer openPeer(Backend backend, CodecRegistry codecs, CutPlan plan);

  /** The passes of {@link Backend#GPU}, which must be usable; empty if there are none. */
  default Optional<DeviceCut> deviceCut() {
    return Optional.empty();
  }
}
