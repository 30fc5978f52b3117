package io.tributary.coordinator.page;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one name and password that open the page: HTTP's Basic scheme (RFC 7617). Comparing takes the
 * same time whatever is wrong. Never part of a message. Immutable, safe for any thread.
 */
public final class PageLogin {
  /** Shorter ones can be guessed over a network. */
  private static final int LEAST_PASSWORD = 12;

  private static final int MOST_BYTES = 1024;
  private static final String SCHEME = "basic ";

  private final byte[] expected;

  private PageLogin(String nameAndPassword) {
    expected = nameAndPassword.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a login.
   *
   * @param file a line {@code NAME:PASSWORD}, a password of 12 characters or more
   * @throws TributaryException {@code STORAGE} if it can't be read or has another form
   */
  public static PageLogin read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw unexpected(file);
      }
      List<String> lines = Files.readAllLines(file);
      String line = lines.isEmpty() ? "" : lines.get(0);
      int colon = line.indexOf(':');
      if (lines.size() != 1 || colon < 1 || line.length() - colon - 1 < LEAST_PASSWORD) {
        throw unexpected(file);
      }
      return new PageLogin(line);
    } catch (IOException e) {
      throw Errors.storage(file, "can't read", e);
    }
  }

  private static TributaryException unexpected(Path file) {
    return new TributaryException(
        ErrorCode.STORAGE,
        file
            + ": expected one line, NAME:PASSWORD, with a password of at least "
            + LEAST_PASSWORD
            + " characters, found something else");
  }

  /** Whether a request's {@code Authorization} header has this login. */
  boolean allows(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    try {
      byte[] found = Base64.getDecoder().decode(authorization.substring(SCHEME.length()).trim());
      return MessageDigest.isEqual(expected, found);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
