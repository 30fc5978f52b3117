package io.tributary.coordinator.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.link.EncodedChunk;
import io.tributary.link.FarPeer;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.FoundService;
import io.tributary.run.GoneService;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.ServiceOffer;
import io.tributary.run.ServiceRequest;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.LinkSecurity;
import io.tributary.security.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** Agents that find each other, over real sockets. */
class RelayServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<CodecRange> CODECS = List.of(new CodecRange(7, 1, 2));

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private RelayServer server = start(LinkSecurity.none());

  private RelayServer start(LinkSecurity security) {
    return RelayServer.start("127.0.0.1", 0, 0, security, event -> {});
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    server.close();
  }

  /** An agent that notes what it hears. */
  private final class Agent implements LinkHandler {
    final CompletableFuture<Link> connected = new CompletableFuture<>();
    final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<InboundStream> streams = new LinkedBlockingQueue<>();
    final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    final LinkClient client;

    Agent(String name, LinkSecurity security) {
      client =
          LinkClient.connect(
              "127.0.0.1",
              server.port(),
              LinkOptions.of(name, CODECS, 0).withSecurity(security),
              this);
      open.add(client);
    }

    Agent(String name) {
      this(name, LinkSecurity.none());
    }

    Link link() {
      return connected.orTimeout(20, TimeUnit.SECONDS).join();
    }

    Agent offer(String service, int places) {
      link()
          .message(
              MessageKind.OFFER.number(),
              RunDocuments.toBytes(new ServiceOffer(service, places, "terms of it")));
      link().ping().block(PATIENCE);
      return this;
    }

    Agent seek(String service, String... avoid) {
      link()
          .message(
              MessageKind.SEEK.number(),
              RunDocuments.toBytes(new ServiceRequest(service, null, List.of(avoid))));
      link().ping().block(PATIENCE);
      return this;
    }

    FoundService found() throws InterruptedException {
      return RunDocuments.fromBytes(next(messages), FoundService.class);
    }

    @Override
    public void connected(Link link) {
      connected.complete(link);
    }

    @Override
    public void message(Link link, int kind, byte[] body) {
      messages.add(body);
    }

    @Override
    public void stream(Link link, InboundStream stream) {
      streams.add(stream);
    }

    @Override
    public void disconnected(Link link, Throwable cause) {
      ended.complete(cause);
    }
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T taken = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (taken == null) {
      throw new AssertionError("nothing came");
    }
    return taken;
  }

  private static CompletableFuture<Void> send(Link link, String to) {
    return link.sendTo(
            new FarPeer(to, CODECS),
            new StreamHeader(StreamKind.ACTIVATIONS, 0, 1, 0, 1, 0),
            () ->
                Flux.just(new EncodedChunk(0, 0, 1, 7, 1, Unpooled.wrappedBuffer(new byte[] {42}))))
        .toFuture();
  }

  private static ErrorCode codeOf(CompletableFuture<Void> sent) {
    return Errors.codeOf(sent.handle((done, why) -> why).orTimeout(20, TimeUnit.SECONDS).join());
  }

  @Test
  void whoSeeksIsToldWhoOffersNowOrLater() throws InterruptedException {
    Agent client = new Agent("client").seek("split");
    new Agent("other").offer("paint", 4);
    assertThat(client.messages).isEmpty();
    Agent agent = new Agent("server").offer("split", 1);
    FoundService found = client.found();
    assertThat(found.agent()).isEqualTo("server");
    assertThat(found.decodes()).isEqualTo(CODECS);
    assertThat(found.terms()).isEqualTo("terms of it");

    var sent = send(client.link(), "server");
    InboundStream stream = next(agent.streams);
    assertThat(stream.far()).contains(new FarPeer("client", CODECS));
    stream.chunks().subscribe(EncodedChunk::release);
    stream.acknowledge();
    assertThat(sent).succeedsWithin(PATIENCE);
  }

  @Test
  void placesAreFilledEvenlyAndNoFurther() throws InterruptedException {
    new Agent("a").offer("split", 1);
    new Agent("b").offer("split", 1);
    String one = new Agent("x").seek("split").found().agent();
    Agent second = new Agent("y").seek("split");
    String two = second.found().agent();
    assertThat(Set.of(one, two)).isEqualTo(Set.of("a", "b"));
    Agent third = new Agent("z").seek("split");
    assertThat(third.messages).isEmpty();
    second.client.close();
    assertThat(third.found().agent()).isEqualTo(two);
  }

  @Test
  void whoWasFoundAndLeavesIsMissed() throws InterruptedException {
    Agent first = new Agent("a").offer("split", 1);
    Agent client = new Agent("client").seek("split");
    assertThat(client.found().agent()).isEqualTo("a");
    new Agent("b").offer("split", 1);
    first.client.close();
    GoneService gone = RunDocuments.fromBytes(next(client.messages), GoneService.class);
    assertThat(gone.agent()).isEqualTo("a");
    assertThat(client.seek("split").found().agent()).isEqualTo("b");
  }

  @Test
  void whoNeitherOffersNorSeeksCannotBeReached() {
    Agent silent = new Agent("silent");
    silent.link();
    Agent client = new Agent("client").seek("split");
    assertThat(codeOf(send(client.link(), "silent"))).isEqualTo(ErrorCode.PEER_ABSENT);
    assertThat(codeOf(send(client.link(), "client"))).isEqualTo(ErrorCode.PEER_ABSENT);
  }

  @Test
  void anotherProcessOfTheNameTakesItOver() throws InterruptedException {
    Agent old = new Agent("server").offer("split", 1);
    new Agent("server").offer("split", 1);
    assertThat(Errors.codeOf(old.ended.orTimeout(20, TimeUnit.SECONDS).join()))
        .isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    assertThat(new Agent("client").seek("split").found().agent()).isEqualTo("server");
  }

  /** Answers that were on the old connection are lost: who waits for one must hear of it. */
  @Test
  void whoWasFoundAndComesOnAnotherConnectionIsMissedAndFoundAgain() throws InterruptedException {
    new Agent("server").offer("split", 1);
    Agent client = new Agent("client").seek("split");
    assertThat(client.found().agent()).isEqualTo("server");
    new Agent("server").offer("split", 1);
    GoneService gone = RunDocuments.fromBytes(next(client.messages), GoneService.class);
    assertThat(gone.agent()).isEqualTo("server");
    assertThat(client.seek("split").found().agent()).isEqualTo("server");
  }

  @Test
  void theRoleDecidesWhoMay() {
    CertificateAuthority authority = CertificateAuthority.create(folder);
    Duration life = Duration.ofDays(1);
    LinkSecurity own =
        LinkSecurity.of(
            authority.issue(CertificateAuthority.COORDINATOR, Set.of(Role.COORDINATE), life));
    LinkSecurity may = LinkSecurity.of(authority.issue("may", Set.of(Role.RELAY), life));
    LinkSecurity not = LinkSecurity.of(authority.issue("not", Set.of(Role.CONTRIBUTE), life));
    server.close();
    server = start(own);
    new Agent("may", may).offer("split", 1);
    Agent refused = new Agent("not", not);
    assertThat(codeOf(send(refused.link(), "may"))).isEqualTo(ErrorCode.NOT_TRUSTED);
    refused
        .link()
        .message(
            MessageKind.SEEK.number(),
            RunDocuments.toBytes(new ServiceRequest("split", null, List.of())));
    assertThat(Errors.codeOf(refused.ended.orTimeout(20, TimeUnit.SECONDS).join()))
        .isEqualTo(ErrorCode.NOT_TRUSTED);
  }
}
