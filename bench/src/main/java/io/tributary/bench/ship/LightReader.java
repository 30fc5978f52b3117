package io.tributary.bench.ship;

import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.run.MessageKind;
import io.tributary.run.ModelOffer;
import io.tributary.run.ModelRequest;
import io.tributary.run.RunDocuments;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the one model that a server offers, over the product's own link and without a disk:
 * pieces are taken into a checksum on the event loop and dropped. A connection that breaks ends it.
 * For one thread; {@link #fetch} again when the one before is complete.
 */
final class LightReader implements LinkHandler, AutoCloseable {
  /** As many pieces on their way as {@code fetch} has. */
  private static final int PREFETCH = 128;

  private final boolean stalled;
  private final CompletableFuture<Link> connected = new CompletableFuture<>();
  private final LinkClient client;
  private volatile CompletableFuture<Long> fetched = new CompletableFuture<>();
  private volatile @Nullable InboundStream coming;

  private LightReader(String name, int port, boolean stalled) {
    this.stalled = stalled;
    LinkOptions options = LinkOptions.of(name, List.of(ModelOffer.BYTES), 0);
    client = LinkClient.connect("127.0.0.1", port, options, this);
  }

  /** Begins to connect to a server on loopback. */
  static LightReader connect(String name, int port) {
    return new LightReader(name, port, false);
  }

  /** One that asks for the model and takes no piece of it. */
  static LightReader stalled(String name, int port) {
    return new LightReader(name, port, true);
  }

  /** Completes when the server has said HELLO. */
  CompletableFuture<Link> connected() {
    return connected;
  }

  /** Asks for the model; completes with the CRC32C of its file when all of it has come. */
  CompletableFuture<Long> fetch() {
    fetched = new CompletableFuture<>();
    Errors.join(connected)
        .message(MessageKind.FETCH.number(), RunDocuments.toBytes(new ModelRequest(null)));
    return fetched;
  }

  /** The bytes of the model that have come over the wire. */
  long arrived() {
    InboundStream stream = coming;
    return stream == null ? 0 : stream.arrived();
  }

  @Override
  public void connected(Link link) {
    connected.complete(link);
  }

  @Override
  public void stream(Link link, InboundStream stream) {
    coming = stream;
    if (stalled) {
      stream.resumeAt(0);
      return;
    }
    var crc = new CRC32C();
    stream
        .chunks()
        .doOnNext(
            chunk -> {
              crc.update(chunk.payload().nioBuffer());
              chunk.release();
            })
        .map(EncodedChunk::count)
        .limitRate(PREFETCH)
        .subscribe(
            bytes -> {},
            this::fail,
            () -> {
              stream.acknowledge();
              fetched.complete(crc.getValue());
            });
  }

  private void fail(Throwable cause) {
    connected.completeExceptionally(cause);
    fetched.completeExceptionally(cause);
  }

  @Override
  public void disconnected(Link link, Throwable cause) {
    fail(cause);
  }

  @Override
  public void refused(String address, TributaryException cause) {
    fail(cause);
  }

  @Override
  public void close() {
    client.close();
  }
}
