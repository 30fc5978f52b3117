package io.tributary.error;

/**
 * Well-formed bytes of a version or codec that this build can't read: too old, too new, or unknown.
 */
public final class UnsupportedFormatException extends TributaryException {
  private static final long serialVersionUID = 1L;

  private UnsupportedFormatException(ErrorCode code, String message) {
    super(code, message);
  }

  /**
   * The error for a version range {@code [theirOldest, theirNewest]} that doesn't meet {@code
   * [oldest, newest]}.
   */
  public static UnsupportedFormatException version(
      String what, int theirOldest, int theirNewest, int oldest, int newest) {
    boolean old = theirNewest < oldest;
    return new UnsupportedFormatException(
        old ? ErrorCode.TOO_OLD : ErrorCode.TOO_NEW,
        what
            + " is too "
            + (old ? "old" : "new")
            + ": expected a version from "
            + oldest
            + " to "
            + newest
            + ", found "
            + (theirOldest == theirNewest ? "" + theirNewest : theirOldest + " to " + theirNewest));
  }

  /** The error for a codec that isn't known, with the list of those that are. */
  public static UnsupportedFormatException codec(String wanted, Iterable<?> known) {
    return new UnsupportedFormatException(
        ErrorCode.UNKNOWN_CODEC,
        "unknown codec " + wanted + "; known here: " + String.join(", ", strings(known)));
  }

  private static Iterable<String> strings(Iterable<?> known) {
    var names = new java.util.ArrayList<String>();
    known.forEach(k -> names.add(String.valueOf(k)));
    return names;
  }
}
