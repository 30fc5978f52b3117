package io.tributary.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** The text form of keys and certificates (RFC 7468). */
final class Pem {
  private static final String KEY = "PRIVATE KEY";
  private static final int COLUMNS = 64;

  private Pem() {}

  /** A text of one section. */
  static String text(String label, byte[] content) {
    Base64.Encoder lines = Base64.getMimeEncoder(COLUMNS, "\n".getBytes(StandardCharsets.US_ASCII));
    return begin(label) + "\n" + lines.encodeToString(content) + "\n" + end(label) + "\n";
  }

  /** A private key's text. */
  static String text(PrivateKey key) {
    return text(KEY, key.getEncoded());
  }

  /**
   * Reads a private key.
   *
   * @throws GeneralSecurityException if it is no elliptic-curve key in PKCS #8; says nothing of the
   *     text
   */
  static PrivateKey key(String text) throws GeneralSecurityException {
    int begin = text.indexOf(begin(KEY));
    int end = text.indexOf(end(KEY));
    if (begin < 0 || end < begin) {
      throw new GeneralSecurityException("no '" + begin(KEY) + "'");
    }
    byte[] content;
    try {
      content = Base64.getMimeDecoder().decode(text.substring(begin + begin(KEY).length(), end));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("no Base64", e);
    }
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(content));
  }

  private static String begin(String label) {
    return "-----BEGIN " + label + "-----";
  }

  private static String end(String label) {
    return "-----END " + label + "-----";
  }
}
