package io.tributary.security;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one process needs to show who it is and to check others, as read from its folder at one
 * moment:
 *
 * <pre>
 *   ca.crt     the certificate of the authority, PEM
 *   node.crt   the certificate of this process, PEM
 *   node.key   its private key, an elliptic-curve key in PKCS #8, PEM
 *   revoked    serial numbers in hexadecimal that are no longer trusted, one a line; may be absent
 * </pre>
 *
 * <p>Immutable, safe for any thread. The key's text never appears in messages.
 *
 * @param authority the authority's certificate
 * @param certificate this process's
 * @param key its private key
 * @param identity who the certificate says that it is
 * @param revoked serial numbers that aren't trusted
 */
record NodeKeys(
    X509Certificate authority,
    X509Certificate certificate,
    PrivateKey key,
    PeerIdentity identity,
    Set<BigInteger> revoked) {
  static final String AUTHORITY = "ca.crt";
  static final String CERTIFICATE = "node.crt";
  static final String KEY = "node.key";
  static final String REVOKED = "revoked";

  /** More than any of these files takes. */
  private static final int MAX_BYTES = 1 << 20;

  /** Copies the set. */
  NodeKeys {
    revoked = Set.copyOf(revoked);
  }

  /**
   * Reads a folder.
   *
   * @throws io.tributary.error.TributaryException {@code STORAGE} with the file that is missing or
   *     isn't what it should be
   */
  static NodeKeys read(Path folder) {
    X509Certificate authority = certificate(folder.resolve(AUTHORITY));
    X509Certificate own = certificate(folder.resolve(CERTIFICATE));
    try {
      own.verify(authority.getPublicKey());
      own.checkValidity();
      return new NodeKeys(
          authority,
          own,
          key(folder.resolve(KEY)),
          PeerIdentity.of(own),
          revoked(folder.resolve(REVOKED)));
    } catch (GeneralSecurityException e) {
      throw unexpected(
          folder.resolve(CERTIFICATE), "a valid certificate of " + AUTHORITY, e.getMessage(), e);
    }
  }

  private static X509Certificate certificate(Path file) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes(file)));
    } catch (GeneralSecurityException e) {
      throw unexpected(file, "a certificate in PEM", "something else", e);
    }
  }

  private static PrivateKey key(Path file) {
    try {
      return Pem.key(new String(bytes(file), StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw unexpected(file, "an elliptic-curve key in PKCS #8 as PEM", e.getMessage(), e);
    }
  }

  static Set<BigInteger> revoked(Path file) {
    var serials = new HashSet<BigInteger>();
    if (Files.exists(file)) {
      for (String line : new String(bytes(file), StandardCharsets.US_ASCII).lines().toList()) {
        String serial = line.strip();
        if (!serial.matches("([0-9a-f]{1,40})?")) {
          throw unexpected(
              file, "serial numbers in hexadecimal, one a line", "'" + serial + "'", null);
        }
        if (!serial.isEmpty()) {
          serials.add(new BigInteger(serial, 16));
        }
      }
    }
    return serials;
  }

  private static byte[] bytes(Path file) {
    try {
      long length = Files.size(file);
      if (length > MAX_BYTES) {
        throw unexpected(file, "at most " + MAX_BYTES + " bytes", length, null);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw Errors.storage(file, "can't read", e);
    }
  }

  private static TributaryException unexpected(
      Path file, String expected, @Nullable Object found, @Nullable Throwable cause) {
    return new TributaryException(
        ErrorCode.STORAGE, file + ": expected " + expected + ", found " + found, cause);
  }
}
