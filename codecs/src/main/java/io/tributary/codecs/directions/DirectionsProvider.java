package io.tributary.codecs.directions;

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

/** Offers directions. Its back end is that of the entropy coder. */
public final class DirectionsProvider implements LearnedCodecProvider {
  @Override
  public CodecId id() {
    return DirectionsCodec.ID;
  }

  @Override
  public String description() {
    return "entropy coded, with the top directions apart where that takes fewer"
        + " bytes; parameter: how many at most, 0 to 4, default 4";
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
    String most = parameter.isEmpty() ? "" + DirectionsMessages.MOST : parameter;
    if (!most.matches("[0-4]")) {
      throw Errors.invalidSetting("parameter of directions", "'" + parameter + "'", "0 to 4");
    }
    return new DirectionsCodec(codecs, plan, Integer.parseInt(most));
  }

  @Override
  public LearnedPeer openPeer(Backend backend, CodecRegistry codecs, CutPlan plan) {
    return new DirectionsPeer(codecs, plan);
  }
}
