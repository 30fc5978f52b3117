package io.tributary.agent.fetch;

/** What happens at a reader of models, as it is logged and written as JSON lines. */
public sealed interface FetchEvent {
  /**
   * The server has said what it will send.
   *
   * @param model the name under which it is offered
   * @param bytes the file's length
   * @param sha256 the file's digest
   * @param part the file that grows meanwhile
   * @param have bytes that it held already
   */
  record Fetching(String model, long bytes, String sha256, String part, long have)
      implements FetchEvent {}

  /**
   * More of the file is here; said once a second.
   *
   * @param have bytes so far
   * @param bytes the file's length
   */
  record Fetched(long have, long bytes) implements FetchEvent {}

  /**
   * The file is whole, its digest is the server's, and it is in its place.
   *
   * @param model the name under which it is offered
   * @param bytes the file's length
   * @param sha256 the file's digest
   * @param file where it is
   * @param received bytes that had to come, 0 if the file was there already
   * @param seconds since the fetch began
   */
  record Complete(
      String model, long bytes, String sha256, String file, long received, double seconds)
      implements FetchEvent {}
}
