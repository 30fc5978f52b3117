package io.tributary.link;

import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.netty.LeakCheckingAllocator;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.LinkSecurity;
import io.tributary.security.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Links with certificates over real sockets, and who doesn't get one. */
class ProtectedLinkTest {
  private static final Duration LIFE = Duration.ofDays(2);

  @TempDir Path folder;
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();
  private CertificateAuthority authority;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void makeKeys() {
    authority = CertificateAuthority.create(folder);
    authority.issue("coordinator", Set.of(Role.COORDINATE), LIFE);
    authority.issue("agent", Set.of(Role.CONTRIBUTE), LIFE);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private LinkOptions options(String name, Path keys) {
    return TestOptions.of(name, allocator).withSecurity(LinkSecurity.of(keys));
  }

  private LinkServer serve(LinkOptions options, LinkHandler handler) {
    LinkServer server = LinkServer.bind("127.0.0.1", 0, options, handler);
    open.add(server);
    return server;
  }

  private LinkClient connect(LinkServer server, LinkOptions options, LinkHandler handler) {
    LinkClient client =
        LinkClient.connect("127.0.0.1", server.address().getPort(), options, handler);
    open.add(client);
    return client;
  }

  @Test
  void bothKnowWhoTheOtherIsAndStreamsPass() throws Exception {
    LoopbackPair pair =
        new LoopbackPair(
            options("coordinator", folder.resolve("coordinator")),
            options("agent", folder.resolve("agent")));
    open.add(pair);

    assertThat(pair.toClient.identity())
        .hasValueSatisfying(
            peer -> {
              assertThat(peer.name()).isEqualTo("agent");
              assertThat(peer.roles()).containsExactly(Role.CONTRIBUTE);
            });
    assertThat(pair.toServer.identity())
        .hasValueSatisfying(peer -> assertThat(peer.name()).isEqualTo("coordinator"));
    assertThat(pair.toServer.ping().block(LoopbackPair.PATIENCE)).isPositive();
    pair.toServer.message(7, new byte[100_000]);
    pair.settle();
    assertThat(pair.toServer.counters().bytesWritten()).isGreaterThan(100_000);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefusedOnBothSides() throws Exception {
    CertificateAuthority other = CertificateAuthority.create(folder.resolve("other"));
    Path stranger = other.issue("agent", Set.of(Role.CONTRIBUTE), LIFE);
    expectRefused(options("agent", stranger), "");
  }

  @Test
  void aRevokedCertificateIsRefused() throws Exception {
    authority.revoke("agent");
    expectRefused(options("agent", folder.resolve("agent")), "");
  }

  @Test
  void anAgentCannotPassForTheCoordinator() throws Exception {
    authority.issue("imposter", Set.of(Role.CONTRIBUTE), LIFE);
    var atServer = new RecordingHandler();
    var atClient = new RecordingHandler();
    LinkServer server = serve(options("imposter", folder.resolve("imposter")), atServer);
    connect(server, options("agent", folder.resolve("agent")), atClient);

    assertNotTrusted(take(atClient.refused), "may coordinate");
  }

  @Test
  void aNameThatTheCertificateDoesNotBearIsRefused() throws Exception {
    var atServer = new RecordingHandler();
    var atClient = new RecordingHandler();
    LinkServer server = serve(options("coordinator", folder.resolve("coordinator")), atServer);
    connect(server, options("somebody-else", folder.resolve("agent")), atClient);

    assertNotTrusted(take(atServer.refused), "the name of its certificate");
    // It had the server's HELLO already.
    assertNotTrusted(take(atClient.disconnected), "the name of its certificate");
  }

  @Test
  void withoutTlsNobodyGetsIn() throws Exception {
    var atServer = new RecordingHandler();
    LinkServer server = serve(options("coordinator", folder.resolve("coordinator")), atServer);
    connect(server, TestOptions.of("agent", allocator), new RecordingHandler());

    assertNotTrusted(take(atServer.refused), "expected TLS");
    assertThat(atServer.connected).isEmpty();
  }

  @Test
  void aServerWithoutTlsIsToldApart() throws Exception {
    var atClient = new RecordingHandler();
    LinkServer server = serve(TestOptions.of("coordinator", allocator), new RecordingHandler());
    connect(server, options("agent", folder.resolve("agent")), atClient);

    assertNotTrusted(take(atClient.refused), "expected TLS");
  }

  @Test
  void revocationEndsALinkAndNewKeysHoldWithoutARestart() throws Exception {
    var atServer = new RecordingHandler();
    LinkServer server = serve(options("coordinator", folder.resolve("coordinator")), atServer);
    var atClient = new RecordingHandler();
    LinkClient client = connect(server, options("agent", folder.resolve("agent")), atClient);
    var unused = take(atServer.connected);

    authority.revoke("agent");
    assertNotTrusted(take(atServer.disconnected), "revoked");

    // The client goes on trying; with the certificate that it gets next it is let in.
    authority.issue("agent", Set.of(Role.CONTRIBUTE), LIFE);
    assertThat(take(atServer.connected).identity()).isPresent();
    client.close();
  }

  @Test
  void filesThatCannotBeReadLeaveTheOldOnesInForce() throws Exception {
    Path keys = folder.resolve("agent");
    LinkSecurity security = LinkSecurity.of(keys);
    var before = security.own();
    Files.writeString(keys.resolve("node.crt"), "half");

    security.refresh();

    assertThat(security.own()).isEqualTo(before);
  }

  @Test
  void connectionsThatSayNothingKeepNobodyOut() throws Exception {
    var atServer = new RecordingHandler();
    LinkServer server = serve(options("coordinator", folder.resolve("coordinator")), atServer);
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        silent.add(socket);
        socket.getOutputStream().write("x".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // The server may have closed it before the byte was written.
    }
    for (Socket socket : silent) {
      socket.close();
    }
    connect(server, options("agent", folder.resolve("agent")), new RecordingHandler());
    assertThat(take(atServer.connected).peer().name()).isEqualTo("agent");
  }

  private void expectRefused(LinkOptions client, String text) throws Exception {
    var atServer = new RecordingHandler();
    var atClient = new RecordingHandler();
    LinkServer server = serve(options("coordinator", folder.resolve("coordinator")), atServer);
    connect(server, client, atClient);

    assertNotTrusted(take(atServer.refused), text);
    assertThat(Errors.codeOf(take(atClient.refused))).isEqualTo(ErrorCode.NOT_TRUSTED);
    assertThat(atServer.connected).isEmpty();
  }

  private static void assertNotTrusted(Throwable failure, String text) {
    assertThat(Errors.codeOf(failure)).isEqualTo(ErrorCode.NOT_TRUSTED);
    assertThat(failure).hasMessageContaining(text);
  }
}
