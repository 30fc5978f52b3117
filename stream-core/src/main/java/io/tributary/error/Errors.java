package io.tributary.error;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Factories and predicates that belong together, so that both directions of a mapping stay in one
 * place.
 */
public final class Errors {
  private Errors() {}

  /**
   * The exception for an error that a peer reported, by its wire number; unknown numbers become
   * {@code INTERNAL}.
   */
  public static TributaryException fromWire(int number, String text) {
    return ErrorCode.fromWire(number)
        .map(code -> new TributaryException(code, text))
        .orElseGet(
            () ->
                new TributaryException(
                    ErrorCode.INTERNAL,
                    "error 0x" + Integer.toHexString(number) + " of the peer: " + text));
  }

  /** The code under which a failure travels; anything that isn't ours is {@code INTERNAL}. */
  public static ErrorCode codeOf(Throwable failure) {
    return failure instanceof TributaryException ours ? ours.code() : ErrorCode.INTERNAL;
  }

  /** Whether the same request may succeed later, unchanged. */
  public static boolean isRetryable(Throwable failure) {
    return codeOf(failure).retryable();
  }

  /** A user's value outside its bounds. */
  public static TributaryException invalidSetting(String what, Object found, String expected) {
    return new TributaryException(
        ErrorCode.INVALID_SETTING, what + ": expected " + expected + ", found " + found);
  }

  /** A failure to read or write what lies at {@code where}. */
  public static TributaryException storage(Object where, String what, Throwable cause) {
    return new TributaryException(
        ErrorCode.STORAGE,
        what + " " + where + ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage(),
        cause);
  }

  /**
   * Waits for a future and returns its value; a failure of ours is thrown as it is, out of all that
   * stages and {@code join} have wrapped it in.
   *
   * @throws TributaryException the failure, if it is one
   * @throws CompletionException around any other, which is a defect
   */
  public static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      Throwable cause = e;
      while (cause instanceof CompletionException && cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw cause instanceof TributaryException ours ? ours : e;
    }
  }
}
