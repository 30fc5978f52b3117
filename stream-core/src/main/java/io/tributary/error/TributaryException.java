package io.tributary.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of this project's exceptions: unchecked, with the {@link ErrorCode} that would say the
 * same on the wire.
 */
public class TributaryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** An error with its text: what, where, expected, found, and what to do. */
  public TributaryException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** An error with the failure that caused it. */
  public TributaryException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The code of this error. */
  public ErrorCode code() {
    return code;
  }
}
