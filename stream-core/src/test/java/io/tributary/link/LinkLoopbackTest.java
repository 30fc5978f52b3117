package io.tributary.link;

import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tributary.codec.CodecRange;
import io.tributary.netty.LeakCheckingAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

/** Two sides of a link over a real socket. */
class LinkLoopbackTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final RecordingHandler atServer = new RecordingHandler();
  private final RecordingHandler atClient = new RecordingHandler();
  private LinkServer server;
  private LinkClient client;
  private Link toClient;
  private Link toServer;

  @BeforeEach
  void connect() throws InterruptedException {
    server = LinkServer.bind("127.0.0.1", 0, options("server"), atServer);
    client =
        LinkClient.connect("127.0.0.1", server.address().getPort(), options("client"), atClient);
    toClient = take(atServer.connected);
    toServer = take(atClient.connected);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private LinkOptions options(String name) {
    return TestOptions.of(name, allocator);
  }

  @Test
  void bothSidesKnowEachOther() {
    assertThat(toServer.peer().name()).isEqualTo("server");
    assertThat(toServer.peer().decodes()).containsExactly(new CodecRange(1, 1, 1));
    assertThat(toClient.peer().name()).isEqualTo("client");
    assertThat(toClient.peer().instance()).isNotEqualTo(new UUID(0, 0));
  }

  @Test
  void messagesArriveWholeAndInOrder() throws InterruptedException {
    byte[] large = new byte[1_000_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31);
    }
    toServer.message(7, new byte[0]);
    toServer.message(8, large.clone());
    toServer.message(9, new byte[] {1, 2, 3});
    RecordingHandler.Message first = take(atServer.messages);
    RecordingHandler.Message second = take(atServer.messages);
    RecordingHandler.Message third = take(atServer.messages);
    assertThat(first.kind()).isEqualTo(7);
    assertThat(first.body()).isEmpty();
    assertThat(second.kind()).isEqualTo(8);
    assertThat(second.body()).isEqualTo(large);
    assertThat(third.body()).containsExactly(1, 2, 3);
  }

  @Test
  void pingComesBack() {
    assertThat(toServer.ping().block(PATIENCE)).isPositive();
    assertThat(toClient.ping().block(PATIENCE)).isPositive();
  }

  @Test
  void aStreamArrivesChunkByChunkAndIsAcknowledged() throws InterruptedException {
    StreamHeader header = new StreamHeader(StreamKind.CONTRIBUTION, 3, 17, 2, 5, 4096);
    var sent =
        toServer
            .send(header, false, from -> Flux.range(from, 5 - from).map(i -> chunk(i, 20_000 * i)))
            .toFuture();
    InboundStream stream = take(atServer.streams);
    assertThat(stream.header()).isEqualTo(header);
    assertThat(stream.repeated()).isFalse();
    List<byte[]> received = new ArrayList<>();
    stream
        .chunks()
        .doOnNext(
            chunk -> {
              byte[] bytes = new byte[chunk.encodedLength()];
              chunk.payload().getBytes(chunk.payload().readerIndex(), bytes);
              received.add(bytes);
              assertThat(chunk.first()).isEqualTo(received.size() - 1);
              chunk.release();
            })
        .blockLast(PATIENCE);
    assertThat(received).hasSize(5);
    for (int i = 0; i < 5; i++) {
      assertThat(received.get(i)).isEqualTo(pattern(20_000 * i));
    }
    assertThat(sent).isNotDone();
    stream.acknowledge();
    assertThat(sent).succeedsWithin(PATIENCE);
  }

  private EncodedChunk chunk(int index, int length) {
    ByteBuf payload = allocator.buffer(Math.max(1, length));
    payload.writeBytes(pattern(length));
    return new EncodedChunk(0, index, 1, 1, 1, payload);
  }

  private static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 7 + length);
    }
    return bytes;
  }
}
