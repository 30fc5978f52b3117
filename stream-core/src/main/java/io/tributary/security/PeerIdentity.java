package io.tributary.security;

import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Who a certificate says that a process is.
 *
 * @param name the process's name, unique in its run
 * @param roles what it may do
 * @param serial the certificate's serial number, by which it is revoked
 */
public record PeerIdentity(String name, Set<Role> roles, BigInteger serial) {
  /** Copies the set. */
  public PeerIdentity {
    roles = Set.copyOf(roles);
  }

  /**
   * Reads a certificate's subject.
   *
   * @throws CertificateException if it names no process, or a role that there isn't
   */
  public static PeerIdentity of(X509Certificate certificate) throws CertificateException {
    String subject = certificate.getSubjectX500Principal().getName();
    String name = "";
    Set<Role> roles = EnumSet.noneOf(Role.class);
    try {
      for (Rdn part : new LdapName(subject).getRdns()) {
        String value = String.valueOf(part.getValue());
        if (part.getType().equalsIgnoreCase("CN")) {
          name = value;
        } else if (part.getType().equalsIgnoreCase("OU")) {
          roles.add(
              Role.of(value)
                  .orElseThrow(
                      () ->
                          new CertificateException(
                              "certificate of " + subject + ": unknown role " + value)));
        }
      }
    } catch (InvalidNameException e) {
      throw new CertificateException("certificate with an unreadable subject", e);
    }
    if (name.isEmpty()) {
      throw new CertificateException("certificate of " + subject + ": expected a common name");
    }
    return new PeerIdentity(name, roles, certificate.getSerialNumber());
  }

  @Override
  public String toString() {
    return name + " " + roles + " (certificate " + serial.toString(16) + ")";
  }
}
