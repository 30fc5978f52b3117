package io.tributary.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.netty.buffer.Unpooled;
import io.tributary.agent.fetch.FetchEvent;
import io.tributary.bench.chaos.FaultProxy;
import io.tributary.bench.chaos.SmallDisk;
import io.tributary.coordinator.relay.RelayServer;
import io.tributary.coordinator.ship.ModelOffers;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkServer;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.MessageKind;
import io.tributary.run.ModelOffer;
import io.tributary.run.ModelRequest;
import io.tributary.run.RunDocuments;
import io.tributary.security.CertificateAuthority;
import io.tributary.security.LinkSecurity;
import io.tributary.security.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

/** Readers and a server that offers models, over real sockets. */
class ModelFetcherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BYTES = 41 * ModelOffer.PIECE_BYTES + 1234;

  /** A file takes some seconds at this speed: time enough for a test to interfere. */
  private static final long SLOW = 256 << 10;

  /** Some of so many leave while a piece is being read for them. */
  private static final int LEAVERS = 100;

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path model;
  private Path target;
  private RelayServer server;

  @BeforeEach
  void offer() throws IOException {
    Files.createDirectories(folder.resolve("server"));
    model = Files.write(folder.resolve("server").resolve("base.trib"), bytes(1, BYTES));
    target = folder.resolve("got.trib");
    server = serve(LinkSecurity.none(), model);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    server.close();
  }

  private static byte[] bytes(int seed, int length) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static RelayServer serve(LinkSecurity security, Path... files) {
    return RelayServer.start(
        "127.0.0.1", 0, 0, security, new ModelOffers(List.of(files)), event -> {});
  }

  /** A fetch with what it has said. */
  /** A fetch that is closed behind the test. */
  private final class Fetch extends ObservedFetch {
    Fetch(int port) {
      this(port, LinkSecurity.none(), null, target);
    }

    Fetch(int port, LinkSecurity security, @Nullable String name, Path file) {
      this(port, security, name, file, () -> {});
    }

    Fetch(int port, LinkSecurity security, @Nullable String name, Path file, Runnable afterFirst) {
      super(port, security, name, file, afterFirst);
      open.add(this);
    }
  }

  private FaultProxy slowly() {
    var proxy = new FaultProxy(server.port(), 1);
    open.add(proxy);
    proxy.slow(SLOW);
    return proxy;
  }

  /** Begins a fetch and stops it on the way. */
  private long begin() throws Exception {
    var fetch = new Fetch(slowly().port());
    fetch.await(fetch.coming);
    fetch.close();
    assertThat(target).doesNotExist();
    Path part = Path.of(fetch.offered().part());
    assertThat(Files.size(part)).isBetween(1L, BYTES - 1L);
    return Files.size(part);
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theFileComesWholeAndOnce() throws IOException {
    FetchEvent.Complete complete = new Fetch(server.port()).complete();
    assertThat(complete.received()).isEqualTo(BYTES);
    assertThat(complete.model()).isEqualTo("base.trib");
    assertThat(target).hasSameBinaryContentAs(model);
    assertThat(names()).containsExactly("got.trib", "server");
    assertThat(new Fetch(server.port()).complete().received()).isZero();
  }

  @Test
  void aFetchGoesOnWhereTheLastOneWas() throws Exception {
    long had = begin();
    var again = new Fetch(server.port());
    FetchEvent.Complete complete = again.complete();
    assertThat(again.offered().have()).isEqualTo(had).isPositive();
    assertThat(complete.received()).isEqualTo(BYTES - had);
    assertThat(target).hasSameBinaryContentAs(model);
  }

  @Test
  void aLostConnectionCostsNoPieceThatHasCome() throws Exception {
    FaultProxy proxy = slowly();
    var fetch = new Fetch(proxy.port());
    fetch.await(fetch.coming);
    int port = server.port();
    server.close();
    server =
        RelayServer.start(
            "127.0.0.1",
            port,
            0,
            LinkSecurity.none(),
            new ModelOffers(List.of(model)),
            event -> {});
    proxy.slow(0);
    assertThat(fetch.complete().received()).isEqualTo(BYTES);
    assertThat(target).hasSameBinaryContentAs(model);
  }

  @Test
  void readersGetTheirOwnAtTheSameTime() throws IOException {
    Path other = Files.write(model.resolveSibling("other.trib"), bytes(2, BYTES / 2));
    server.close();
    server = serve(LinkSecurity.none(), model, other);
    List<Fetch> fetches = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = i % 2 == 0 ? "base.trib" : "other.trib";
      fetches.add(new Fetch(server.port(), LinkSecurity.none(), name, folder.resolve("got-" + i)));
    }
    for (int i = 0; i < 8; i++) {
      assertThat(fetches.get(i).complete().model())
          .isEqualTo(i % 2 == 0 ? "base.trib" : "other.trib");
      assertThat(folder.resolve("got-" + i)).hasSameBinaryContentAs(i % 2 == 0 ? model : other);
    }
  }

  @Test
  void aLongFileThatIsBeingDigestedHoldsUpItsOwnReadersAlone() throws Exception {
    Path other = model.resolveSibling("long.trib");
    var asked = new CountDownLatch(1);
    try (var file =
            FileChannel.open(other, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var offers = new ModelOffers(List.of(endless(file, other), model));
        var two =
            LinkServer.bind(
                "127.0.0.1",
                0,
                LinkOptions.of("server", List.of(), 0),
                new PlainHandler() {
                  @Override
                  public void message(Link link, int kind, byte[] body) {
                    offers.fetch(link, RunDocuments.fromBytes(body, ModelRequest.class));
                    asked.countDown();
                  }
                })) {
      int port = two.address().getPort();
      var held = new Fetch(port, LinkSecurity.none(), "long.trib", target);
      held.await(asked);
      Path got = folder.resolve("base");
      new Fetch(port, LinkSecurity.none(), "base.trib", got).complete();
      assertThat(got).hasSameBinaryContentAs(model);
      assertThat(held.events).as("it is still being read for its digest").isEmpty();
      file.truncate(1); // which ends that
      assertThat(held.failure()).isEqualTo(ErrorCode.INTERNAL);
    }
  }

  @Test
  void whoLeavesInTheMiddleOfAReadTakesTheFileFromNobody() throws Exception {
    for (int i = 0; i < LEAVERS; i++) {
      var leaver =
          new Fetch(server.port(), LinkSecurity.none(), null, folder.resolve("leaver" + i));
      leaver.await(leaver.coming);
      leaver.close();
    }
    new Fetch(server.port()).complete();
    assertThat(target).hasSameBinaryContentAs(model);
  }

  /** Makes a file that takes hours to read and no room on the disk. */
  private static Path endless(FileChannel file, Path path) throws IOException {
    file.write(ByteBuffer.allocate(1), (1L << 40) - 1);
    return path;
  }

  @Test
  void whatIsOfferedNowIsToldFromWhatWasOffered() throws Exception {
    begin();
    Path next = Files.write(folder.resolve("next"), bytes(3, BYTES));
    Files.move(next, model, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    var again = new Fetch(server.port());
    assertThat(again.complete().received()).isEqualTo(BYTES);
    assertThat(again.offered().have()).isZero();
    assertThat(target).hasSameBinaryContentAs(model);
    assertThat(names()).containsExactly("got.trib", "server");
  }

  @Test
  void whoIsBeingSentAFileKeepsItWhenItIsReplaced() throws Exception {
    byte[] before = Files.readAllBytes(model);
    FaultProxy proxy = slowly();
    var fetch = new Fetch(proxy.port());
    fetch.await(fetch.coming);
    Path next = Files.write(folder.resolve("next"), bytes(3, BYTES));
    Files.move(next, model, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path other = folder.resolve("other");
    new Fetch(server.port(), LinkSecurity.none(), null, other).complete();
    proxy.slow(0);
    fetch.complete();
    assertThat(target).hasBinaryContent(before);
    assertThat(other).hasSameBinaryContentAs(model);
  }

  @Test
  void aFileThatIsWrittenOverWhileItIsSentIsNotTakenForEither() throws Exception {
    // More than credits, the proxy and both its sockets hold, or all could be on its way already.
    int length = 16 * BYTES;
    Files.write(model, bytes(3, length));
    FaultProxy proxy = slowly();
    var fetch = new Fetch(proxy.port());
    fetch.await(fetch.coming);
    Files.write(model, bytes(4, length), StandardOpenOption.WRITE);
    proxy.slow(0);
    assertThat(fetch.failure()).isEqualTo(ErrorCode.CORRUPT_PAYLOAD);
    assertThat(fetch.cause())
        .hasMessageContainingAll("base.trib", "was the file changed at the server");
    fetch.close();
    assertThat(target).doesNotExist();
    new Fetch(server.port()).complete();
    assertThat(target).hasSameBinaryContentAs(model);
    assertThat(names()).containsExactly("got.trib", "server");
  }

  @Test
  void aFileThatBecomesShorterWhileItIsSentEndsItsReadersAlone() throws Exception {
    int length = 16 * BYTES;
    Files.write(model, bytes(3, length));
    Path other = Files.write(model.resolveSibling("other.trib"), bytes(2, BYTES));
    server.close();
    server = serve(LinkSecurity.none(), model, other);
    FaultProxy proxy = slowly();
    var cut = new Fetch(proxy.port(), LinkSecurity.none(), "base.trib", target);
    cut.await(cut.coming);
    var good =
        new Fetch(slowly().port(), LinkSecurity.none(), "other.trib", folder.resolve("other.trib"));
    good.await(good.fetching);
    try (var file = FileChannel.open(model, StandardOpenOption.WRITE)) {
      file.truncate(length / 2);
    }
    proxy.slow(0);
    assertThat(cut.failure()).isEqualTo(ErrorCode.CORRUPT_PAYLOAD);
    assertThat(cut.cause())
        .hasMessageContainingAll("base.trib", "" + length, "was the file changed at the server")
        .hasMessageNotContaining(folder.toString());
    assertThat(target).doesNotExist();
    good.complete();
    assertThat(folder.resolve("other.trib")).hasSameBinaryContentAs(other);
  }

  @Test
  void aFileThatIsRemovedWhileItIsSentStaysWholeForItsReaders() throws Exception {
    byte[] before = Files.readAllBytes(model);
    FaultProxy proxy = slowly();
    var fetch = new Fetch(proxy.port());
    fetch.await(fetch.coming);
    Files.delete(model);
    var late =
        new Fetch(server.port(), LinkSecurity.none(), "base.trib", folder.resolve("late.trib"));
    assertThat(late.failure()).isEqualTo(ErrorCode.INTERNAL);
    proxy.slow(0);
    fetch.complete();
    assertThat(target).hasBinaryContent(before);
  }

  @Test
  void anotherFileOfTheSameLengthAndTimeIsToldFromTheOneBefore() throws Exception {
    new Fetch(server.port()).complete();
    Path next = Files.write(folder.resolve("next"), bytes(3, BYTES));
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(model));
    Files.move(next, model, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    new Fetch(server.port()).complete();
    assertThat(target).hasSameBinaryContentAs(model);
  }

  @Test
  void aDamagedBeginningIsFetchedAgain() throws Exception {
    long had = begin();
    Path part = folder.resolve(names().get(0));
    assertThat(part.toString()).endsWith(".part");
    byte[] damaged = Files.readAllBytes(part);
    damaged[(int) (had / 2)] ^= 1;
    Files.write(part, damaged);
    assertThat(new Fetch(server.port()).complete().received()).isEqualTo(2L * BYTES - had);
    assertThat(target).hasSameBinaryContentAs(model);
  }

  @Test
  void aBeginningIsCutBackToWholePieces() throws Exception {
    long had = begin();
    Path part = folder.resolve(names().get(0));
    byte[] torn = Files.readAllBytes(part);
    Files.write(part, Arrays.copyOf(torn, torn.length - 100));
    var again = new Fetch(server.port());
    again.complete();
    assertThat(again.offered().have()).isEqualTo(had - ModelOffer.PIECE_BYTES);
    assertThat(target).hasSameBinaryContentAs(model);
  }

  /** A real full disk, where this process may make a small one. */
  @Test
  void aDiskThatFillsUpEndsTheFetchAndTheSameOneGoesOn() throws Exception {
    SmallDisk disk;
    try {
      disk = SmallDisk.mount(folder.resolve("disk"), 8);
    } catch (TributaryException e) {
      abort(e.getMessage());
      return;
    }
    open.add(disk);
    Path there = disk.folder().resolve("got.trib");
    Runnable fillsUp =
        () -> {
          disk.fill();
          pause(); // meanwhile the rest comes, and waits behind what can't be written
        };
    var fetch = new Fetch(server.port(), LinkSecurity.none(), null, there, fillsUp);
    assertThat(fetch.failure()).isEqualTo(ErrorCode.STORAGE);
    String part = fetch.offered().part();
    assertThat(fetch.cause())
        .hasMessageStartingWith(part + ": expected room for ")
        .hasMessageContaining(" bytes more, found ")
        .hasRootCauseInstanceOf(IOException.class);
    fetch.close();
    assertThat(there).doesNotExist();
    long had = Files.size(Path.of(part));
    assertThat(had).isBetween(1L, BYTES - 1L);
    assertThat(new Fetch(server.port(), LinkSecurity.none(), null, there).failure())
        .as("as long as it is full")
        .isEqualTo(ErrorCode.STORAGE);
    disk.empty();
    var again = new Fetch(server.port(), LinkSecurity.none(), null, there);
    FetchEvent.Complete complete = again.complete();
    assertThat(again.offered().have()).isEqualTo(had - had % ModelOffer.PIECE_BYTES).isPositive();
    assertThat(complete.received()).isEqualTo(BYTES - again.offered().have());
    assertThat(there).hasSameBinaryContentAs(model);
  }

  private static void pause() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void twoFetchesOfOneFileExcludeEachOther() throws Exception {
    FaultProxy proxy = slowly();
    var first = new Fetch(proxy.port());
    first.await(first.fetching);
    assertThat(new Fetch(server.port()).failure()).isEqualTo(ErrorCode.STORAGE);
    proxy.slow(0);
    first.complete();
    assertThat(target).hasSameBinaryContentAs(model);
  }

  @Test
  void whoFinishesLeavesTheBeginningThatAnotherFetchIsAt() throws Exception {
    FaultProxy proxy = slowly();
    var slow = new Fetch(proxy.port());
    slow.await(slow.coming);
    Path newer = Files.write(folder.resolve("server").resolve("newer.trib"), bytes(2, BYTES));
    RelayServer other = serve(LinkSecurity.none(), newer);
    open.add(other);
    new Fetch(other.port()).complete();
    assertThat(target).hasSameBinaryContentAs(newer);
    proxy.slow(0);
    slow.complete();
    assertThat(target).hasSameBinaryContentAs(model);
  }

  @Test
  void whoAsksForAnotherModelIsToldWhatThereIs() {
    assertThat(new Fetch(server.port(), LinkSecurity.none(), "else", target).failure())
        .isEqualTo(ErrorCode.UNKNOWN_MODEL);
    server.close();
    server = serve(LinkSecurity.none());
    assertThat(new Fetch(server.port()).failure()).isEqualTo(ErrorCode.UNKNOWN_MODEL);
  }

  @Test
  void aFileThatIsGoneIsSaidSo() throws IOException {
    Files.delete(model);
    assertThat(new Fetch(server.port()).failure()).isEqualTo(ErrorCode.INTERNAL);
  }

  @Test
  void onlyReadersMayHaveIt() {
    CertificateAuthority authority = CertificateAuthority.create(folder.resolve("keys"));
    Duration life = Duration.ofDays(1);
    LinkSecurity own =
        LinkSecurity.of(
            authority.issue(CertificateAuthority.COORDINATOR, Set.of(Role.COORDINATE), life));
    server.close();
    server = serve(own, model);
    LinkSecurity not = LinkSecurity.of(authority.issue("not", Set.of(Role.CONTRIBUTE), life));
    assertThat(new Fetch(server.port(), not, null, target).failure())
        .isEqualTo(ErrorCode.NOT_TRUSTED);
    LinkSecurity may = LinkSecurity.of(authority.issue("may", Set.of(Role.READ), life));
    new Fetch(server.port(), may, null, target).complete();
    assertThat(target).hasSameBinaryContentAs(model);
  }

  @Test
  void aReaderAsksForOneModelAtATime() {
    var ended = new CompletableFuture<Throwable>();
    var greedy =
        new PlainHandler() {
          @Override
          public void connected(Link link) {
            byte[] request = RunDocuments.toBytes(new ModelRequest(null));
            link.message(MessageKind.FETCH.number(), request);
            link.message(MessageKind.FETCH.number(), request);
          }

          @Override
          public void disconnected(Link link, Throwable cause) {
            ended.complete(cause);
          }
        };
    LinkOptions options = LinkOptions.of("greedy", List.of(ModelOffer.BYTES), 0);
    open.add(LinkClient.connect("127.0.0.1", server.port(), options, greedy));
    assertThat(ended).succeedsWithin(PATIENCE);
    assertThat(Errors.codeOf(ended.join())).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
  }

  // ------------------------------------------------------------------------------ hostile servers

  private static class PlainHandler implements LinkHandler {
    @Override
    public void connected(Link link) {}

    @Override
    public void stream(Link link, InboundStream stream) {}
  }

  private ErrorCode failureWith(String offer, int pieces, EncodedChunk... chunks) {
    var hostile =
        new PlainHandler() {
          @Override
          public void message(Link link, int kind, byte[] body) {
            link.message(MessageKind.OFFERED.number(), offer.getBytes(StandardCharsets.UTF_8));
            link.send(
                    new StreamHeader(StreamKind.SHIPMENT, 0, 0, 0, pieces, 0),
                    true,
                    from -> Flux.just(chunks))
                .subscribe(done -> {}, failed -> {});
          }
        };
    LinkOptions options = LinkOptions.of("hostile", List.of(), 0);
    try (LinkServer liar = LinkServer.bind("127.0.0.1", 0, options, hostile);
        var fetch = new Fetch(liar.address().getPort())) {
      return fetch.failure();
    }
  }

  private static EncodedChunk chunk(long at, int length) {
    return new EncodedChunk(
        0, at, length, ModelOffer.BYTES.number(), 1, Unpooled.wrappedBuffer(bytes(5, length)));
  }

  private static String text(long bytes) {
    return "{\"model\":\"m\",\"bytes\":" + bytes + ",\"sha256\":\"" + "ab".repeat(32) + "\"}";
  }

  @Test
  void hostileServersAreRefusedBeforeAnythingIsTaken() throws IOException {
    assertThat(failureWith("{}", 1)).isEqualTo(ErrorCode.MALFORMED);
    assertThat(failureWith(text(0), 1)).isEqualTo(ErrorCode.INVALID_SETTING);
    assertThat(failureWith(text(1L << 60), 1)).isEqualTo(ErrorCode.INVALID_SETTING);
    assertThat(failureWith(text(ModelOffer.MOST_BYTES), Integer.MAX_VALUE))
        .as("more than the disk holds")
        .isEqualTo(ErrorCode.STORAGE);
    assertThat(failureWith(text(100).replace("ab", "/."), 1)).isEqualTo(ErrorCode.INVALID_SETTING);
    assertThat(failureWith(text(100), 2)).isEqualTo(ErrorCode.PROTOCOL_VIOLATION);
    assertThat(failureWith(text(100), 1, chunk(0, 99))).isEqualTo(ErrorCode.CORRUPT_PAYLOAD);
    assertThat(failureWith(text(100), 1, chunk(1, 100))).isEqualTo(ErrorCode.CORRUPT_PAYLOAD);
    assertThat(failureWith(text(100), 1, chunk(0, 100))).isEqualTo(ErrorCode.CORRUPT_PAYLOAD);
    assertThat(names()).as("nothing of it is left").containsExactly("server");
  }
}
