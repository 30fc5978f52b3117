package io.tributary.link;

import io.tributary.codec.CodecRange;
import java.util.List;

/**
 * An agent at the far end of streams that a server passes on.
 *
 * @param name its name at the server
 * @param decodes the codecs it decodes, as its HELLO said
 */
public record FarPeer(String name, List<CodecRange> decodes) {
  /** Copies the list. */
  public FarPeer {
    decodes = List.copyOf(decodes);
  }

  /** Whether the agent decodes chunks of a codec in a format version. */
  public boolean decodes(int codec, int version) {
    return decodes.stream().anyMatch(range -> range.includes(codec, version));
  }
}
