package io.tributary.coordinator.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.TributaryException;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.LinkSecurity;
import io.tributary.security.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see the page. */
class PageLoginTest {
  private static final String LOGIN = "ann:correct horse battery";

  @TempDir private Path folder;

  private PageLogin login(String text) throws IOException {
    return PageLogin.read(Files.writeString(folder.resolve("login"), text));
  }

  private static String basic(String login) {
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void onlyTheWholeLoginOpens() throws Exception {
    PageLogin login = login(LOGIN + "\n");
    assertThat(login.allows(basic(LOGIN))).isTrue();
    assertThat(login.allows(basic(LOGIN).replace("Basic", "bASIC"))).isTrue();
    for (String wrong :
        new String[] {"", LOGIN + " ", "ann:", "bob:correct horse battery", LOGIN + "\n"}) {
      assertThat(login.allows(basic(wrong))).as(wrong).isFalse();
    }
    for (String header :
        new @Nullable String[] {null, "", "Basic", "Basic !", "Bearer abc", LOGIN}) {
      assertThat(login.allows(header)).as(header).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ann", ":correct horse battery", "ann:too short", "a:b\nc:d"})
  void anotherFormIsRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> login(text))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("expected one line, NAME:PASSWORD")
        .message()
        .doesNotContain("horse");
    assertThatThrownBy(() -> login("a:" + "x".repeat(2000)))
        .hasMessageContaining("expected one line");
    assertThatThrownBy(() -> PageLogin.read(folder.resolve("absent")))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("absent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "page.js", "events"})
  void withoutItNothingIsServed(String path) throws Exception {
    try (LivePage page = LivePage.open("127.0.0.1", 0, LinkSecurity.none(), login(LOGIN))) {
      HttpResponse<InputStream> closed = get(page, path, "ann:correct horse batterie");
      assertThat(closed.statusCode()).isEqualTo(401);
      assertThat(closed.headers().firstValue("www-authenticate").orElse("")).startsWith("Basic ");
      HttpResponse<InputStream> open = get(page, path, LOGIN);
      assertThat(open.statusCode()).isEqualTo(200);
      open.body().close();
    }
  }

  private static HttpResponse<InputStream> get(LivePage page, String path, String login)
      throws Exception {
    return HttpClient.newBuilder()
        .connectTimeout(Duration.ofSeconds(10))
        .build()
        .send(
            HttpRequest.newBuilder(URI.create(page.url() + path))
                .header("Authorization", basic(login))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  void withKeysItIsEncryptedBeyondLoopback() throws Exception {
    Path node =
        CertificateAuthority.create(folder.resolve("keys"))
            .issue("coordinator", Set.of(Role.COORDINATE), Duration.ofDays(1));
    LinkSecurity keys = LinkSecurity.of(node);
    try (LivePage page = LivePage.open("127.0.0.1", 0, keys, null)) {
      assertThat(page.url()).startsWith("http://127.0.0.1:");
    }
    try (LivePage page = LivePage.open("0.0.0.0", 0, keys, login(LOGIN))) {
      assertThat(page.url()).startsWith("https://127.0.0.1:");
      int port = URI.create(page.url()).getPort();
      try (Socket socket =
          trusting(node.resolve("ca.crt"))
              .getSocketFactory()
              .createSocket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(10_000);
        String request =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
                + basic(LOGIN)
                + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 200 ");
      }
    }
  }

  private static SSLContext trusting(Path authority) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authority)) {
      store.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
