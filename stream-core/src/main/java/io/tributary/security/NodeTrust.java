package io.tributary.security;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the certificates that the run's authority has signed, that are valid today and that
 * haven't been revoked; a client trusts a server only if it coordinates, so that no agent can pass
 * for the coordinator.
 */
final class NodeTrust extends X509ExtendedTrustManager {
  private final NodeKeys keys;
  private final boolean client;
  private final X509ExtendedTrustManager chain;

  NodeTrust(NodeKeys keys, boolean client) {
    this.keys = keys;
    this.client = client;
    this.chain = chain(keys.authority());
  }

  private static X509ExtendedTrustManager chain(X509Certificate authority) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("authority", authority);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new IllegalStateException("this JDK has no PKIX trust manager");
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException("this JDK can't keep a certificate", e);
    }
  }

  private void check(X509Certificate[] certificates) throws CertificateException {
    PeerIdentity peer = PeerIdentity.of(certificates[0]);
    if (keys.revoked().contains(peer.serial())) {
      throw new CertificateException("the certificate of " + peer + " has been revoked");
    }
    if (client && !peer.roles().contains(Role.COORDINATE)) {
      throw new CertificateException(
          "expected a peer that may " + Role.COORDINATE + ", found " + peer);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certificates, String type, SSLEngine engine)
      throws CertificateException {
    chain.checkServerTrusted(certificates, type, engine);
    check(certificates);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certificates, String type, SSLEngine engine)
      throws CertificateException {
    chain.checkClientTrusted(certificates, type, engine);
    check(certificates);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certificates, String type, Socket socket)
      throws CertificateException {
    chain.checkServerTrusted(certificates, type, socket);
    check(certificates);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certificates, String type, Socket socket)
      throws CertificateException {
    chain.checkClientTrusted(certificates, type, socket);
    check(certificates);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certificates, String type)
      throws CertificateException {
    chain.checkServerTrusted(certificates, type);
    check(certificates);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certificates, String type)
      throws CertificateException {
    chain.checkClientTrusted(certificates, type);
    check(certificates);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return chain.getAcceptedIssuers();
  }
}
