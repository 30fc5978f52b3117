package io.tributary.security;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.tributary.error.Errors;
import java.util.Locale;

/** Implementations of TLS. */
public enum TlsProvider {
  /** That of Netty's natives, for the systems that they are made for. */
  BORINGSSL("BoringSSL", SslProvider.OPENSSL),

  /** The JDK's, everywhere. */
  JDK("JDK", SslProvider.JDK);

  private final String title;
  private final SslProvider netty;

  TlsProvider(String title, SslProvider netty) {
    this.title = title;
    this.netty = netty;
  }

  SslProvider netty() {
    return netty;
  }

  /** Whether it works here. */
  public boolean isAvailable() {
    return this == JDK || OpenSsl.isAvailable();
  }

  /**
   * What {@link SecuritySettings#TLS_PROVIDER} asks for: BoringSSL where it works, unless it says
   * otherwise.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if that doesn't work here
   */
  public static TlsProvider chosen() {
    String wanted = SecuritySettings.TLS_PROVIDER.get();
    if (wanted.equals("auto")) {
      return BORINGSSL.isAvailable() ? BORINGSSL : JDK;
    }
    TlsProvider provider = valueOf(wanted.toUpperCase(Locale.ROOT));
    if (!provider.isAvailable()) {
      throw Errors.invalidSetting(
          "setting " + SecuritySettings.TLS_PROVIDER.property(),
          wanted,
          "auto or jdk, since BoringSSL's natives don't load here");
    }
    return provider;
  }

  @Override
  public String toString() {
    return title;
  }
}
