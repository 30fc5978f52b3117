package io.tributary.run;

import io.tributary.codec.CodecRange;
import java.util.List;

/**
 * Who offers what an agent sought.
 *
 * @param agent its name, by which streams are sent to it
 * @param instance tells its process from the next one with the same name
 * @param decodes the codecs that it decodes
 * @param service what it offers
 * @param terms as it gave them
 */
public record FoundService(
    String agent, String instance, List<CodecRange> decodes, String service, String terms) {
  /** Copies the list. */
  public FoundService {
    decodes = List.copyOf(decodes);
  }
}
