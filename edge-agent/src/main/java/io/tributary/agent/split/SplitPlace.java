package io.tributary.agent.split;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;

/**
 * The place of a client.
 *
 * @param place from 0: the share of the text, and the order in which clients' gradients are summed
 * @param counted the client's last step that this server has counted, 0 for none
 * @param branch what messages and kept states belong to from now on; 0 at a server that keeps none
 * @param backTo the server's step that the client goes back to if the branch is new to it; -1 if it
 *     goes on as it is
 */
record SplitPlace(int place, int counted, long branch, int backTo) {
  /** Nobody goes back. */
  static final int AS_IT_IS = -1;

  /** Checks what a server says. */
  SplitPlace {
    if (place < 0 || branch < 0) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "place of a client: expected no negative numbers, found place "
              + place
              + ", branch "
              + branch);
    }
  }
}
