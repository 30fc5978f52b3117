package io.tributary.codecs.amaqec;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecProvider;
import io.tributary.codec.LearnedPeer;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.error.Errors;
import java.util.EnumSet;
import java.util.Set;

/** Offers amaqec. Its back end is that of the entropy coder. */
public final class AmaqecProvider implements LearnedCodecProvider {
  @Override
  public CodecId id() {
    return AmaqecCodec.ID;
  }

  @Override
  public String description() {
    return "fractions of bits by an entropy coder whose contexts are channels; parameter: common"
        + " (one step for all) or channel (steps by the channels' gradients); default common";
  }

  @Override
  public Set<Backend> backends() {
    return EnumSet.of(Backend.SCALAR);
  }

  @Override
  public String unusableBecause(Backend backend) {
    return BackendSupport.unusableBecause(backend);
  }

  @Override
  public LearnedCodec open(Backend backend, CodecRegistry codecs, CutPlan plan, String parameter) {
    boolean weighted = parameter.equals("channel");
    if (!weighted && !parameter.isEmpty() && !parameter.equals("common")) {
      throw Errors.invalidSetting(
          "parameter of amaqec", "'" + parameter + "'", "common or channel");
    }
    return new AmaqecCodec(codecs, plan, weighted);
  }

  @Override
  public LearnedPeer openPeer(Backend backend, CodecRegistry codecs, CutPlan plan) {
    return new AmaqecPeer(codecs, plan);
  }
}
