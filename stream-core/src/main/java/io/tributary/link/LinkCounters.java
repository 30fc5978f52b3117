package io.tributary.link;

/**
 * What passed over a link from its beginning to one moment. Two of them, subtracted, say what
 * passed between.
 *
 * @param nanos the time since the connection was made, in nanoseconds
 * @param bytesWritten bytes handed to the socket
 * @param bytesRead bytes taken from the socket
 * @param framesWritten frames handed to the socket
 * @param framesRead frames that passed the decoder
 * @param framesLate frames of streams that had ended here already, dropped
 * @param bytesPerSecond the cap on writing, 0 for none
 * @param connections that the link has at that moment
 */
public record LinkCounters(
    long nanos,
    long bytesWritten,
    long bytesRead,
    long framesWritten,
    long framesRead,
    long framesLate,
    long bytesPerSecond,
    int connections) {

  /** The share of the cap that was used, 0 to about 1; 0 without a cap. */
  public double busyShare() {
    return bytesPerSecond == 0 || nanos <= 0
        ? 0
        : bytesWritten * 1e9 / ((double) bytesPerSecond * nanos);
  }

  /** What passed since {@code earlier}, a snapshot of the same link. */
  public LinkCounters since(LinkCounters earlier) {
    return new LinkCounters(
        nanos - earlier.nanos,
        bytesWritten - earlier.bytesWritten,
        bytesRead - earlier.bytesRead,
        framesWritten - earlier.framesWritten,
        framesRead - earlier.framesRead,
        framesLate - earlier.framesLate,
        bytesPerSecond,
        connections);
  }
}
