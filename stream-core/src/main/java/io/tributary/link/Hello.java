package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.tributary.codec.CodecRange;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.HelloFrameFlyweight;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a peer said of itself when the connection began.
 *
 * @param name its name, chosen by its user; two connections may bear the same
 * @param instance tells its process from the next one with the same name
 * @param protocol the newest protocol that both sides speak
 * @param initialCredit the chunks it takes on each stream before its first CREDIT
 * @param decodes the codecs it decodes
 */
public record Hello(
    String name, UUID instance, int protocol, int initialCredit, List<CodecRange> decodes) {
  /** Copies the list. */
  public Hello {
    decodes = List.copyOf(decodes);
  }

  /** Whether the peer decodes chunks of a codec in a format version. */
  public boolean decodes(int codec, int version) {
    return decodes.stream().anyMatch(range -> range.includes(codec, version));
  }

  /** Reads a HELLO that passed the frame decoder. */
  static Hello of(ByteBuf frame) {
    var decodes = new ArrayList<CodecRange>();
    for (int i = 0; i < HelloFrameFlyweight.codecCount(frame); i++) {
      decodes.add(
          new CodecRange(
              HelloFrameFlyweight.codecNumber(frame, i),
              HelloFrameFlyweight.codecOldest(frame, i),
              HelloFrameFlyweight.codecNewest(frame, i)));
    }
    return new Hello(
        HelloFrameFlyweight.name(frame),
        HelloFrameFlyweight.instance(frame),
        Math.min(HelloFrameFlyweight.newest(frame), FrameFormat.NEWEST_PROTOCOL),
        HelloFrameFlyweight.initialCredit(frame),
        decodes);
  }
}
