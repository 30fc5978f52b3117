package io.tributary.bench.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkHandler;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** One end of a link in a bench: fills it, and takes whatever comes and forgets it. */
final class LoadEnd implements LinkHandler {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CHUNK_BYTES = 256 * 1024;

  /** Chunks of a stream that ends no sooner than the bench. */
  private static final int ENDLESS = 1 << 24;

  private final CompletableFuture<Link> connected = new CompletableFuture<>();

  /**
   * Waits until the peer has said HELLO.
   *
   * @throws TributaryException {@code PEER_SILENT} if the two ends don't find each other
   */
  Link link() throws InterruptedException {
    try {
      return Objects.requireNonNull(connected.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      throw new TributaryException(ErrorCode.PEER_SILENT, "the two ends never met", e);
    }
  }

  /** Sends a stream without end, until what is returned is disposed of. */
  Disposable fill() throws InterruptedException {
    ByteBuf payload =
        PooledByteBufAllocator.DEFAULT.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES);
    return link()
        .send(
            new StreamHeader(StreamKind.SNAPSHOT, 0, 0, 0, ENDLESS, 0),
            false,
            from ->
                Flux.range(from, ENDLESS - from)
                    .map(
                        i ->
                            new EncodedChunk(
                                0,
                                i,
                                CHUNK_BYTES / Float.BYTES,
                                1,
                                1,
                                payload.retainedDuplicate())))
        .doFinally(ended -> payload.release())
        .subscribe(done -> {}, failure -> {});
  }

  @Override
  public void connected(Link link) {
    connected.complete(link);
  }

  @Override
  public void stream(Link link, InboundStream stream) {
    stream.chunks().subscribe(EncodedChunk::release, failure -> {}, stream::acknowledge);
  }
}
