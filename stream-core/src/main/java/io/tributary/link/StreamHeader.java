package io.tributary.link;

/**
 * What a stream says of itself when it opens.
 *
 * @param kind what it carries
 * @param fragment the fragment of the model, at least 0
 * @param version the version of the fragment, at least 0
 * @param participant whose data it carries, at least 0
 * @param chunks the number of chunks of the whole stream, at least 0
 * @param tokens the weight of a contribution, at least 0; 0 where a weight has no meaning
 */
public record StreamHeader(
    StreamKind kind, int fragment, int version, int participant, int chunks, long tokens) {
  /** Checks that nothing is negative. */
  public StreamHeader {
    if (fragment < 0 || version < 0 || participant < 0 || chunks < 0 || tokens < 0) {
      throw new IllegalArgumentException(
          "fragment "
              + fragment
              + ", version "
              + version
              + ", participant "
              + participant
              + ", chunks "
              + chunks
              + ", tokens "
              + tokens);
    }
  }
}
