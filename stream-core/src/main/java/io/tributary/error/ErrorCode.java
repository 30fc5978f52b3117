package io.tributary.error;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The error codes of the wire, in ranges by what they end: {@code 0x01xx} the connection, {@code
 * 0x02xx} one stream, {@code 0x03xx} a codec's work, {@code 0x04xx} a round or the run, {@code
 * 0x05xx} this process alone (never sent).
 *
 * <p>Numbers are promises: a retired one keeps its place with the reason, and new ones go in above
 * the mark.
 */
public enum ErrorCode {
  /**
   * Bytes that are no frame of this protocol: bad magic, bad length, bad checksum, reserved bits.
   */
  MALFORMED(0x0101, false),
  /** The peer's newest protocol or format version is older than the oldest readable here. */
  TOO_OLD(0x0102, false),
  /** The peer's oldest protocol or format version is newer than the newest readable here. */
  TOO_NEW(0x0103, false),
  /** A length or count beyond the receiver's limit. */
  LIMIT_EXCEEDED(0x0104, false),
  /** The connection ended; what was not acknowledged may be sent again. */
  CONNECTION_LOST(0x0105, true),
  /** A peer said nothing, not even PONG, for longer than the link's patience. */
  PEER_SILENT(0x0106, true),
  /** A certificate that isn't trusted, that speaks of another process, or that lacks a role. */
  NOT_TRUSTED(0x0107, false),

  /** A frame names a stream that is not open. */
  UNKNOWN_STREAM(0x0201, false),
  /** The other side ended the stream before its end. */
  CANCELLED(0x0202, true),
  /** More chunks than credits. */
  CREDIT_EXCEEDED(0x0203, false),
  /** The agent at the far end of a relayed stream isn't there, or left before the stream's end. */
  PEER_ABSENT(0x0204, true),

  /** A codec number or format version that the receiver does not know. */
  UNKNOWN_CODEC(0x0301, false),
  /** Encoded bytes that contradict themselves or their chunk. */
  CORRUPT_PAYLOAD(0x0302, false),
  /** NaN or infinity where a codec must refuse it. */
  NON_FINITE(0x0303, false),
  /** A payload made by a table that the receiver doesn't have and may ask for. */
  UNKNOWN_TABLE(0x0304, true),

  /** A model whose schema hash differs from the run's. */
  SCHEMA_MISMATCH(0x0401, false),
  /** A contribution for a version that is closed or not yet open. */
  WRONG_VERSION(0x0402, false),
  /** The run has all its participants. */
  RUN_FULL(0x0403, false),
  /** Outer parameters that differ between two processes after the same outer step. */
  DIVERGED(0x0404, false),
  /** The data folder or the peer belongs to another run. */
  OTHER_RUN(0x0405, false),
  /** A message that makes no sense in the run's present state. */
  PROTOCOL_VIOLATION(0x0406, false),
  /** A model that the server doesn't offer. */
  UNKNOWN_MODEL(0x0407, false),

  /** A value given by the user is outside its bounds. */
  INVALID_SETTING(0x0501, false),
  /** A file or folder can't be read or written, or holds something else than expected. */
  STORAGE(0x0502, false),
  /** A compute back end was demanded and can't be used. */
  BACKEND_UNAVAILABLE(0x0503, false),
  /** A defect of this program. */
  INTERNAL(0x0504, false);
  // Insert new codes above this line, each at the end of its range.

  private static final Map<Integer, ErrorCode> BY_NUMBER =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(ErrorCode::number, Function.identity()));

  private final int number;
  private final boolean retryable;

  ErrorCode(int number, boolean retryable) {
    this.number = number;
    this.retryable = retryable;
  }

  /** The number on the wire, 16 bits. */
  public int number() {
    return number;
  }

  /** Whether the same request may succeed when it is made again, unchanged. */
  public boolean retryable() {
    return retryable;
  }

  /** The code of a wire number, or empty if this build doesn't know it. */
  public static Optional<ErrorCode> fromWire(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }
}
