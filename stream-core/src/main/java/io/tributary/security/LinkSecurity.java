package io.tributary.security;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How links are protected: not at all, or by TLS 1.3 (RFC 8446) with certificates at both ends.
 *
 * <p>{@link #refresh} reads the folder's files again when they have changed: servers call it once a
 * second, clients before each attempt to connect. If they can't be read then, what was read before
 * stays in force, and the log says so: a half-copied folder must not lock everybody out.
 *
 * <p>Safe for any thread; only {@link #of} and {@link #refresh} touch files.
 */
public final class LinkSecurity {
  private static final Logger log = LoggerFactory.getLogger(LinkSecurity.class);
  private static final String PROTOCOL = "TLSv1.3";
  private static final LinkSecurity NONE = new LinkSecurity(null, TlsProvider.JDK);

  private final @Nullable Path folder;
  private final TlsProvider provider;
  private volatile @Nullable Material material;

  /** Keys, and what was made of them. */
  private record Material(long stamp, NodeKeys keys, SslContext client, SslContext server) {}

  private LinkSecurity(@Nullable Path folder, TlsProvider provider) {
    this.folder = folder;
    this.provider = provider;
  }

  /** No protection: whoever reaches the port may take part, and whoever sees the line may read. */
  public static LinkSecurity none() {
    return NONE;
  }

  /**
   * TLS with the keys of a folder, by the {@linkplain TlsProvider#chosen chosen} implementation.
   *
   * @throws TributaryException {@code STORAGE} with the file that is missing or isn't what it
   *     should be
   */
  public static LinkSecurity of(Path folder) {
    return of(folder, TlsProvider.chosen());
  }

  /** The same by an implementation of TLS that works here. */
  public static LinkSecurity of(Path folder, TlsProvider provider) {
    var security = new LinkSecurity(folder, provider);
    security.material = security.material(folder);
    return security;
  }

  /** Whether links are protected. */
  public boolean encrypts() {
    return folder != null;
  }

  /** Who this process is; call only if links are protected. */
  public PeerIdentity own() {
    return current().keys().identity();
  }

  /** Which implementation of TLS is used. */
  public TlsProvider provider() {
    return provider;
  }

  /** Reads the folder again if its files have changed. */
  public void refresh() {
    Material before = material;
    if (folder == null || before == null || stamp(folder) == before.stamp()) {
      return;
    }
    try {
      material = material(folder);
      log.info("keys in {} have changed and are in force", folder);
    } catch (TributaryException e) {
      // Told once for each state of the files.
      material = new Material(stamp(folder), before.keys(), before.client(), before.server());
      log.warn("keys in {} have changed and can't be used: {}", folder, e.getMessage());
    }
  }

  /** A handler for one connection. */
  public SslHandler handler(ByteBufAllocator allocator, boolean client, Duration patience) {
    Material now = current();
    SslHandler handler = (client ? now.client() : now.server()).newHandler(allocator);
    handler.setHandshakeTimeoutMillis(patience.toMillis());
    // Buffers as they come: to fill records across them, the handler would copy payloads.
    handler.setWrapDataSize(0);
    return handler;
  }

  /**
   * What serves browsers over TLS with this process's certificate: they show none themselves. Call
   * only if links are protected.
   */
  public SslContext contextForBrowsers() {
    NodeKeys keys = current().keys();
    try {
      return SslContextBuilder.forServer(keys.key(), keys.certificate())
          .sslProvider(provider.netty())
          .protocols(PROTOCOL)
          .build();
    } catch (SSLException e) {
      throw unusable(folder, e);
    }
  }

  /** Who is at the other end of a connection whose handshake has succeeded. */
  public static PeerIdentity peer(SslHandler handler) {
    try {
      return PeerIdentity.of(
          (X509Certificate) handler.engine().getSession().getPeerCertificates()[0]);
    } catch (SSLPeerUnverifiedException | CertificateException e) {
      throw new TributaryException(ErrorCode.NOT_TRUSTED, "peer without a certificate", e);
    }
  }

  /** Whether a certificate has been revoked, as far as the folder said when it was last read. */
  public boolean isRevoked(PeerIdentity peer) {
    Material now = material;
    return now != null && now.keys().revoked().contains(peer.serial());
  }

  private Material current() {
    Material now = material;
    if (now == null) {
      throw new IllegalStateException("links aren't protected");
    }
    return now;
  }

  private Material material(Path folder) {
    long stamp = stamp(folder);
    NodeKeys keys = NodeKeys.read(folder);
    try {
      SslContext client =
          SslContextBuilder.forClient()
              .sslProvider(provider.netty())
              .protocols(PROTOCOL)
              .keyManager(keys.key(), keys.certificate())
              .trustManager(new NodeTrust(keys, true))
              // Names are the certificate's own; where a process runs is no part of who it is.
              .endpointIdentificationAlgorithm(null)
              .build();
      SslContext server =
          SslContextBuilder.forServer(keys.key(), keys.certificate())
              .sslProvider(provider.netty())
              .protocols(PROTOCOL)
              .trustManager(new NodeTrust(keys, false))
              .clientAuth(io.netty.handler.ssl.ClientAuth.REQUIRE)
              .build();
      return new Material(stamp, keys, client, server);
    } catch (SSLException e) {
      throw unusable(folder, e);
    }
  }

  private static TributaryException unusable(@Nullable Path folder, SSLException cause) {
    return new TributaryException(
        ErrorCode.STORAGE,
        folder + ": expected keys that TLS can use, found: " + cause.getMessage(),
        cause);
  }

  /** Changes when a file does. */
  private static long stamp(Path folder) {
    long stamp = 1;
    for (String name :
        List.of(NodeKeys.AUTHORITY, NodeKeys.CERTIFICATE, NodeKeys.KEY, NodeKeys.REVOKED)) {
      Path file = folder.resolve(name);
      try {
        stamp = stamp * 31 + Files.getLastModifiedTime(file).toMillis();
        stamp = stamp * 31 + Files.size(file);
      } catch (IOException e) {
        stamp *= 31; // absent
      }
    }
    return stamp;
  }
}
