package io.tributary.error;

/**
 * Bytes from a peer or a file that break their format; says at which byte and what was expected
 * there.
 */
public final class MalformedInputException extends TributaryException {
  private static final long serialVersionUID = 1L;

  private final long offset;

  /** An error at a byte {@code offset} from the start of the thing named in {@code where}. */
  public MalformedInputException(ErrorCode code, String where, long offset, String expectation) {
    super(code, where + ", byte " + offset + ": " + expectation);
    this.offset = offset;
  }

  /** The offset in bytes from the start of what was read. */
  public long offset() {
    return offset;
  }
}
