package io.tributary.codec;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;

/** A message needs a table that isn't here: it can be asked for, and the message decoded then. */
public final class UnknownTableException extends TributaryException {
  private static final long serialVersionUID = 1L;

  private final int version;

  /** The error for a version that isn't among those that are here, which the text lists. */
  public UnknownTableException(String codec, int version, String known) {
    super(
        ErrorCode.UNKNOWN_TABLE,
        codec + " table: expected one of versions " + known + ", found version " + version);
    this.version = version;
  }

  /** The version that is missing. */
  public int version() {
    return version;
  }
}
