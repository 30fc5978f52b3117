package io.tributary.bench.cluster;

import io.tributary.error.Errors;
import io.tributary.security.TlsProvider;
import org.jspecify.annotations.Nullable;

/** Whose TLS protects the links of a bench. */
public enum TlsChoice {
  /** Nobody's. */
  NONE,
  /** That of Netty's natives. */
  BORINGSSL,
  /** The JDK's. */
  JDK;

  /**
   * The implementation; null for none.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it doesn't work here
   */
  public @Nullable TlsProvider provider() {
    if (this == NONE) {
      return null;
    }
    TlsProvider provider = TlsProvider.valueOf(name());
    if (!provider.isAvailable()) {
      throw Errors.invalidSetting("--tls", provider, "none, jdk, or boringssl where it loads");
    }
    return provider;
  }
}
