package io.tributary.security;

import io.tributary.config.Setting;
import java.util.List;

/** The settings of security; the generated page reads {@link #ALL}. */
public final class SecuritySettings {
  /** Which implementation of TLS. */
  public static final Setting<String> TLS_PROVIDER =
      Setting.ofChoice(
          "tls.provider",
          TlsProvider.class,
          "Whose TLS links and pages use; auto takes BoringSSL, which is faster, where its natives"
              + " load.");

  /** All of them, in the order of the page. */
  public static final List<Setting<?>> ALL = List.of(TLS_PROVIDER);

  private SecuritySettings() {}
}
