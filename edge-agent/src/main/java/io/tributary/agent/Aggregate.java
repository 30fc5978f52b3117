package io.tributary.agent;

import io.tributary.run.EncodedPart;
import java.util.List;

/**
 * What has come from the coordinator about one fragment, still encoded.
 *
 * @param fragment the fragment's index
 * @param version the version that it leads to
 * @param snapshot whether the parts are the outer parameters themselves, exactly or as a coarse
 *     copy; otherwise they are the change since the version before
 * @param parts the encoded chunks in order
 */
record Aggregate(int fragment, int version, boolean snapshot, List<EncodedPart> parts) {
  Aggregate {
    parts = List.copyOf(parts);
  }
}
