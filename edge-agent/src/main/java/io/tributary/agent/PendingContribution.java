package io.tributary.agent;

import io.tributary.run.EncodedPart;
import java.util.List;

/**
 * A contribution that was cut and encoded and whose aggregate hasn't come yet: the bytes that are
 * sent, and sent again after a fall.
 *
 * @param fragment the fragment's index
 * @param version the version that it contributes to
 * @param tokens the number of tokens trained on since the last contribution of this fragment
 * @param parts the encoded chunks in order
 */
record PendingContribution(int fragment, int version, long tokens, List<EncodedPart> parts) {
  PendingContribution {
    parts = List.copyOf(parts);
  }
}
