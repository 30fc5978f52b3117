package io.tributary.security;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate authority of a run: a folder with the authority's own key, and beside it a folder
 * for each process, ready to be copied to where that process runs.
 *
 * <pre>
 *   ca.crt  ca.key  revoked
 *   coordinator/  ca.crt  node.crt  node.key  revoked
 *   agent-1/      ca.crt  node.crt  node.key
 * </pre>
 *
 * <p>Keys are on the curve P-256 and readable by their owner alone, where the file system knows
 * owners; certificates are X.509 version 3 (RFC 5280), signed with ECDSA and SHA-256. One thread,
 * and one process, at a time.
 */
public final class CertificateAuthority {
  /** The folder of the coordinator, and its name. */
  public static final String COORDINATOR = "coordinator";

  private static final String AUTHORITY_KEY = "ca.key";
  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

  /** Clocks differ. */
  private static final Duration BEFORE = Duration.ofMinutes(10);

  private static final int SERIAL_BITS = 127;

  private final Path folder;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private final SecureRandom random = new SecureRandom();

  private CertificateAuthority(Path folder, X509Certificate certificate, PrivateKey key) {
    this.folder = folder;
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * Makes an authority in a folder that has none.
   *
   * @throws TributaryException {@code STORAGE} if there is one, or the folder can't be written
   */
  public static CertificateAuthority create(Path folder) {
    if (Files.exists(folder.resolve(AUTHORITY_KEY))) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          folder + ": expected no keys, found " + AUTHORITY_KEY + "; it is never overwritten");
    }
    KeyPair pair = newKeys();
    BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom());
    X500NameBuilder name =
        new X500NameBuilder()
            .addRDN(BCStyle.CN, "Tributary " + serial.toString(16).substring(0, 8));
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name.build(),
              serial,
              Date.from(now().minus(BEFORE)),
              Date.from(now().plus(AUTHORITY_LIFE)),
              name.build(),
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
      X509Certificate certificate =
          certificate(builder.build(signer(pair.getPrivate())).getEncoded());
      Files.createDirectories(folder);
      write(folder.resolve(AUTHORITY_KEY), Pem.text(pair.getPrivate()), true);
      write(folder.resolve(NodeKeys.AUTHORITY), pem(certificate), false);
      write(folder.resolve(NodeKeys.REVOKED), "", false);
      return new CertificateAuthority(folder, certificate, pair.getPrivate());
    } catch (IOException e) {
      throw Errors.storage(folder, "can't write keys to", e);
    }
  }

  /**
   * Opens the authority of a folder.
   *
   * @throws TributaryException {@code STORAGE} if there is none
   */
  public static CertificateAuthority open(Path folder) {
    try {
      return new CertificateAuthority(
          folder,
          certificate(Files.readAllBytes(folder.resolve(NodeKeys.AUTHORITY))),
          Pem.key(Files.readString(folder.resolve(AUTHORITY_KEY), StandardCharsets.US_ASCII)));
    } catch (IOException | GeneralSecurityException e) {
      throw Errors.storage(
          folder, "expected an authority, made by 'tributary keys init', can't read that of", e);
    }
  }

  /**
   * Makes key and certificate for a process, in the folder of its name; new ones if it has some,
   * whose old certificate stays valid until it ends or is revoked.
   *
   * @param name the process's name: letters, digits, dots, dashes and underscores
   * @return the process's folder
   * @throws TributaryException {@code INVALID_SETTING} for another name, {@code STORAGE} if files
   *     can't be written
   */
  public Path issue(String name, Set<Role> roles, Duration life) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw Errors.invalidSetting(
          "name", "'" + name + "'", "letters, digits, dots, dashes and underscores, 64 at most");
    }
    KeyPair pair = newKeys();
    var subject = new X500NameBuilder().addRDN(BCStyle.CN, name);
    roles.forEach(role -> subject.addRDN(BCStyle.OU, role.text()));
    Path node = folder.resolve(name);
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              certificate,
              new BigInteger(SERIAL_BITS, random),
              Date.from(now().minus(BEFORE)),
              Date.from(now().plus(life)),
              new javax.security.auth.x500.X500Principal(subject.build().getEncoded()),
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      X509Certificate issued = certificate(builder.build(signer(key)).getEncoded());
      Files.createDirectories(node);
      write(node.resolve(NodeKeys.AUTHORITY), pem(certificate), false);
      write(node.resolve(NodeKeys.KEY), Pem.text(pair.getPrivate()), true);
      write(node.resolve(NodeKeys.CERTIFICATE), pem(issued), false);
      return node;
    } catch (IOException e) {
      throw Errors.storage(node, "can't write keys to", e);
    }
  }

  /**
   * Revokes the certificate that a process has at present. The coordinator beside this authority
   * hears of it at once, one elsewhere when the file {@code revoked} is copied to it.
   *
   * @throws TributaryException {@code STORAGE} if there is no such certificate
   */
  public void revoke(String name) {
    Path file = folder.resolve(name).resolve(NodeKeys.CERTIFICATE);
    try {
      var serials = new TreeSet<>(NodeKeys.revoked(folder.resolve(NodeKeys.REVOKED)));
      serials.add(certificate(Files.readAllBytes(file)).getSerialNumber());
      var text = new StringBuilder();
      serials.forEach(serial -> text.append(serial.toString(16)).append('\n'));
      write(folder.resolve(NodeKeys.REVOKED), text.toString(), false);
      if (Files.isDirectory(folder.resolve(COORDINATOR))) {
        write(folder.resolve(COORDINATOR).resolve(NodeKeys.REVOKED), text.toString(), false);
      }
    } catch (IOException e) {
      throw Errors.storage(file, "can't revoke", e);
    }
  }

  private static Instant now() {
    return OffsetDateTime.now(ZoneOffset.UTC).toInstant();
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks the curve " + CURVE, e);
    }
  }

  private static ContentSigner signer(PrivateKey key) {
    try {
      return new JcaContentSignerBuilder(SIGNATURE).build(key);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("this JDK lacks " + SIGNATURE, e);
    }
  }

  private static X509Certificate certificate(byte[] bytes) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new java.io.ByteArrayInputStream(bytes));
    } catch (GeneralSecurityException e) {
      throw new CertIOException("no certificate", e);
    }
  }

  private static String pem(X509Certificate certificate) {
    try {
      return Pem.text("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Beside it first, then into place: a reader sees the old file or the new. */
  private static void write(Path file, String text, boolean secret) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(beside);
    boolean owners = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        secret && owners
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Files.createFile(beside, attributes);
    Files.writeString(beside, text, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
    Files.move(
        beside,
        file,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }
}
