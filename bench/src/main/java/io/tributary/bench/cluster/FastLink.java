package io.tributary.bench.cluster;

import io.tributary.codec.CodecRange;
import io.tributary.frame.FrameFormat;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkSettings;
import io.tributary.security.LinkSecurity;
import java.util.List;

/**
 * How links run over a fast network: by default a link leaves room for a PING on a thin one, and
 * holds little.
 */
public final class FastLink {
  private static final int UNSENT_BYTES = 1 << 20;
  private static final int SENDER_CHUNKS = 8;

  private FastLink() {}

  /** Options for this process, without protection. */
  public static LinkOptions options(String name, List<CodecRange> decodes) {
    return options(name, decodes, LinkSecurity.none());
  }

  /** Options for this process. */
  public static LinkOptions options(String name, List<CodecRange> decodes, LinkSecurity security) {
    LinkOptions usual = LinkOptions.of(name, decodes, 0);
    return new LinkOptions(
        name,
        usual.instance(),
        decodes,
        0,
        FrameFormat.MAX_PAYLOAD,
        usual.initialCredit(),
        SENDER_CHUNKS,
        usual.maxStreams(),
        UNSENT_BYTES,
        usual.messageQueueBytes(),
        usual.limits(),
        usual.times(),
        usual.jitterSeed(),
        usual.allocator(),
        usual.inbound(),
        security,
        usual.stripes());
  }

  /** The same for another process, as options of its JVM. */
  public static List<String> jvmOptions() {
    return List.of(
        "-D" + LinkSettings.FRAME_PAYLOAD.property() + "=" + FrameFormat.MAX_PAYLOAD,
        "-D" + LinkSettings.UNSENT_BYTES.property() + "=" + UNSENT_BYTES,
        "-D" + LinkSettings.SENDER_CHUNKS.property() + "=" + SENDER_CHUNKS);
  }
}
