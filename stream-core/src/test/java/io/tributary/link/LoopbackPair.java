package io.tributary.link;

import static io.tributary.link.RecordingHandler.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A server and a client that found each other over a real socket. */
final class LoopbackPair implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  final RecordingHandler atServer = new RecordingHandler();
  final RecordingHandler atClient = new RecordingHandler();
  final LinkServer server;
  final LinkClient client;

  /** The server's end. */
  final Link toClient;

  /** The client's end. */
  final Link toServer;

  LoopbackPair(LinkOptions serverOptions, LinkOptions clientOptions) throws InterruptedException {
    server = LinkServer.bind("127.0.0.1", 0, serverOptions, atServer);
    client = LinkClient.connect("127.0.0.1", server.address().getPort(), clientOptions, atClient);
    toClient = take(atServer.connected);
    toServer = take(atClient.connected);
  }

  /** Returns when all that both ends wrote before this call has been read by the other. */
  void settle() {
    for (int i = 0; i < 3; i++) {
      toServer.ping().block(PATIENCE);
      toClient.ping().block(PATIENCE);
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }

  static StreamHeader header(StreamKind kind, int chunks) {
    return new StreamHeader(kind, 0, 1, 2, chunks, 0);
  }

  static CompletableFuture<Void> send(
      Link link, StreamHeader header, Function<Integer, Publisher<EncodedChunk>> chunks) {
    return link.send(header, false, chunks).toFuture();
  }

  /** Chunks of {@code length} bytes; element {@code first} is the chunk's index. */
  static Function<Integer, Publisher<EncodedChunk>> chunks(
      ByteBufAllocator allocator, int count, int length) {
    return from -> Flux.range(from, count - from).map(i -> chunk(allocator, i, length));
  }

  static EncodedChunk chunk(ByteBufAllocator allocator, int index, int length) {
    ByteBuf payload = allocator.buffer(Math.max(1, length)).writeBytes(pattern(index, length));
    return new EncodedChunk(0, index, 1, 1, 1, payload);
  }

  /** Bytes that differ by chunk and by place. */
  static byte[] pattern(int index, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 7 + (i >> 8) + index * 31);
    }
    return bytes;
  }

  /** Checks a chunk's bytes and releases it. */
  static void checkAndRelease(EncodedChunk chunk, int index, int length) {
    byte[] bytes = new byte[chunk.encodedLength()];
    chunk.payload().getBytes(chunk.payload().readerIndex(), bytes);
    chunk.release();
    assertThat(chunk.first()).isEqualTo(index);
    assertThat(bytes).isEqualTo(pattern(index, length));
  }

  /** Waits until something holds. */
  static void eventually(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("did not come true within " + PATIENCE);
      }
      Thread.sleep(2);
    }
  }
}
