package io.tributary.codecs.groupbits;

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

/** Offers groupbits. */
public final class GroupBitsProvider extends ProcessorBackends implements LearnedCodecProvider {
  @Override
  public CodecId id() {
    return GroupBitsCodec.ID;
  }

  @Override
  public String description() {
    return "whole bits, a range for every group of channels of a row; parameter: channels a group,"
        + " a divisor of all, default "
        + GroupBitsCodec.DEFAULT_GROUP
        + " or all channels if there are fewer";
  }

  @Override
  public LearnedCodec open(Backend backend, CodecRegistry codecs, CutPlan plan, String parameter) {
    int group = Math.min(GroupBitsCodec.DEFAULT_GROUP, plan.channels());
    if (!parameter.isEmpty()) {
      group = parameter.matches("[1-9]\\d{0,5}") ? Integer.parseInt(parameter) : 0;
    }
    if (group == 0 || plan.channels() % group != 0) {
      throw Errors.invalidSetting(
          "parameter of groupbits",
          "'" + parameter + "'",
          "channels a group, a divisor of " + plan.channels());
    }
    return new GroupBitsCodec(ChannelKernels.of(backend), plan, group);
  }

  @Override
  public LearnedPeer openPeer(Backend backend, CodecRegistry codecs, CutPlan plan) {
    return new GroupBitsCodec(ChannelKernels.of(backend), plan, 1);
  }
}
