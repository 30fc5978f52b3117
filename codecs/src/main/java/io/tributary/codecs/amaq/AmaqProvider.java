package io.tributary.codecs.amaq;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.DeviceCut;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecProvider;
import io.tributary.codec.LearnedPeer;
import io.tributary.codecs.channelwise.ChannelDeviceCut;
import io.tributary.codecs.channelwise.ChannelKernel;
import io.tributary.codecs.channelwise.ChannelKernels;
import io.tributary.codecs.channelwise.CutBounds;
import io.tributary.codecs.internal.BackendSupport;
import io.tributary.error.Errors;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Offers amaq. */
public final class AmaqProvider implements LearnedCodecProvider {
  private static final Pattern FORM = Pattern.compile("(learned|fixed|variance)(-sharp)?");
  private static final String DEFAULT = "learned";

  @Override
  public CodecId id() {
    return AmaqCodec.ID;
  }

  @Override
  public String description() {
    return "whole bits for each channel, 2 to 8; parameter: who chooses them, learned (gates),"
        + " fixed or variance, and -sharp to cut ranges off where a normal distribution is served"
        + " best; default "
        + DEFAULT;
  }

  @Override
  public Set<Backend> backends() {
    return EnumSet.allOf(Backend.class);
  }

  @Override
  public String unusableBecause(Backend backend) {
    return BackendSupport.unusableBecause(backend);
  }

  @Override
  public String discouragedBecause(Backend backend) {
    return BackendSupport.discouragedBecause(backend);
  }

  @Override
  public String detail(Backend backend) {
    return BackendSupport.detail(backend);
  }

  @Override
  public Optional<DeviceCut> deviceCut() {
    return Optional.of(new ChannelDeviceCut());
  }

  @Override
  public LearnedCodec open(Backend backend, CodecRegistry codecs, CutPlan plan, String parameter) {
    Matcher form = FORM.matcher(parameter.isEmpty() ? DEFAULT : parameter);
    if (!form.matches()) {
      throw Errors.invalidSetting(
          "parameter of amaq", "'" + parameter + "'", "learned, fixed or variance, and -sharp");
    }
    boolean sharp = form.group(2) != null;
    ChannelKernel kernel = ChannelKernels.of(backend);
    return switch (form.group(1)) {
      case "learned" -> new AmaqCodec(kernel, plan, new AmaqGates(plan), 0, sharp);
      case "variance" -> new AmaqCodec(kernel, plan, new AmaqWaterFilling(plan), 0, sharp);
      default -> {
        int width = CutBounds.wholeBits(plan, "amaq:fixed");
        yield new AmaqCodec(kernel, plan, new AmaqFixed(width, plan.channels()), width, sharp);
      }
    };
  }

  @Override
  public LearnedPeer openPeer(Backend backend, CodecRegistry codecs, CutPlan plan) {
    return new AmaqPeer(ChannelKernels.of(backend), plan);
  }
}
