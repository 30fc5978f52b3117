package io.tributary.codecs.aqsgd;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecProvider;
import io.tributary.codec.LearnedPeer;
import io.tributary.codecs.channelwise.ChannelKernels;
import io.tributary.codecs.internal.ProcessorBackends;
import io.tributary.error.Errors;

/** Offers aqsgd. */
public final class AqsgdProvider extends ProcessorBackends implements LearnedCodecProvider {
  @Override
  public CodecId id() {
    return AqsgdCodec.ID;
  }

  @Override
  public String description() {
    return "changes of a sample's activations since it was last seen, whole bits; no parameter";
  }

  @Override
  public LearnedCodec open(Backend backend, CodecRegistry codecs, CutPlan plan, String parameter) {
    if (!parameter.isEmpty()) {
      throw Errors.invalidSetting("parameter of aqsgd", "'" + parameter + "'", "none");
    }
    return new AqsgdCodec(ChannelKernels.of(backend), plan);
  }

  @Override
  public LearnedPeer openPeer(Backend backend, CodecRegistry codecs, CutPlan plan) {
    return new AqsgdPeer(ChannelKernels.of(backend), plan);
  }
}
