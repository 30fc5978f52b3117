package io.tributary.agent.fetch;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.LinkTimes;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.MessageKind;
import io.tributary.run.ModelOffer;
import io.tributary.run.ModelRequest;
import io.tributary.run.RunDocuments;
import io.tributary.security.LinkSecurity;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Gets one model from a server: connects, and connects again for as long as it takes, and each time
 * goes on behind the last piece that the {@link PartFile} holds. The file appears in its place when
 * it is whole and has the digest that the server told.
 *
 * <p>{@link #await} returns when it is there or {@link #stop} was called. Safe for any thread;
 * files are read and written on one of its own.
 */
public final class ModelFetcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFetcher.class);

  /** Pieces on their way, 4 MiB: what 300 Mbit/s bring in a round trip of 100 ms. */
  private static final int PREFETCH = 128;

  private static final long NANOS_BETWEEN_WORDS = 1_000_000_000;

  /** How often a connection may end in a way that a network's faults can explain. */
  private static final int MOST_TROUBLES = 3;

  private static final String CHANGED = "; was the file changed at the server while it was sent?";

  private final ModelRequest request;
  private final Path target;
  private final Consumer<FetchEvent> events;
  private final Scheduler thread = Schedulers.newSingle("fetch", true);
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final long beganAt = System.nanoTime();
  private final LinkClient client;

  // On the thread alone.
  private @Nullable PartFile part;
  private @Nullable Link offering;
  private @Nullable Pieces pieces;
  private long received;
  private long saidAt;
  private int troubles;

  private ModelFetcher(
      String host,
      int port,
      LinkOptions options,
      ModelRequest request,
      Path target,
      Consumer<FetchEvent> events) {
    this.request = request;
    this.target = target;
    this.events = events;
    client = LinkClient.connect(host, port, options, new Handler());
  }

  /**
   * Begins to connect and returns at once.
   *
   * @param name this reader's name
   * @param host where the server is
   * @param port where it listens
   * @param security how the link is protected
   * @param times how patient the link is
   * @param model the name of the model, or null for the only one
   * @param target where its file is to be; one that is there is replaced when the new one is whole
   * @param events hears what happens, on a thread of the fetch
   */
  public static ModelFetcher start(
      String name,
      String host,
      int port,
      LinkSecurity security,
      LinkTimes times,
      @Nullable String model,
      Path target,
      Consumer<FetchEvent> events) {
    LinkOptions options =
        LinkOptions.of(name, List.of(ModelOffer.BYTES), 0).withSecurity(security).withTimes(times);
    return new ModelFetcher(host, port, options, new ModelRequest(model), target, events);
  }

  /**
   * Waits until the file is there, or until it is to stop before.
   *
   * @throws TributaryException what has ended it otherwise: {@code UNKNOWN_MODEL} if the server
   *     doesn't offer it, {@code NOT_TRUSTED} if it doesn't let this reader have it, {@code
   *     STORAGE} if the file can't be written, {@code CORRUPT_PAYLOAD} if its bytes aren't those
   *     that were offered
   */
  public void await() {
    Errors.join(end);
  }

  /** Whether {@link #await} would return at once. */
  public boolean isDone() {
    return end.isDone();
  }

  /** Lets {@link #await} return; what has come stays, and another fetch goes on from it. */
  public void stop() {
    end.complete(null);
  }

  /** Leaves the server; does nothing the second time. */
  @Override
  public void close() {
    stop();
    submit(this::forget);
    thread.disposeGracefully().block();
    client.close();
  }

  private void forget() {
    offering = null;
    if (pieces != null) {
      pieces.dispose();
      pieces = null;
    }
    if (part != null) {
      part.close();
      part = null;
    }
  }

  private void fail(Throwable cause) {
    end.completeExceptionally(cause);
  }

  /** Whether the work will be done: what the fetch's end has caught up with never begins. */
  private boolean submit(Runnable work) {
    try {
      thread.schedule(
          () -> {
            try {
              work.run();
            } catch (RuntimeException e) {
              fail(e);
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      LOG.debug("closed", e);
      return false;
    }
  }

  // ------------------------------------------------------------------------------- on the thread

  private void offered(Link link, ModelOffer offer) {
    if (end.isDone()) {
      return;
    }
    if (part != null && !part.offer().equals(offer)) {
      LOG.info("{} has changed at the server; {} stays as it is", offer.model(), part.path());
      forget();
    }
    if (part == null && PartFile.isThere(offer, target)) {
      complete(offer);
      return;
    }
    if (part == null) {
      part = PartFile.open(offer, target);
    }
    offering = link;
    events.accept(
        new FetchEvent.Fetching(
            offer.model(), offer.bytes(), offer.sha256(), part.path().toString(), part.length()));
  }

  private void opened(Link link, InboundStream stream) {
    StreamHeader header = stream.header();
    PartFile into = part;
    if (end.isDone()) {
      return;
    }
    if (into == null
        || offering != link
        || header.kind() != StreamKind.SHIPMENT
        || !stream.repeated()
        || header.chunks() != into.offer().pieces()) {
      stream.reject(
          ErrorCode.PROTOCOL_VIOLATION, "expected the model that was offered, found " + header);
      fail(
          new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION,
              "stream of the server: expected a model behind its offer, found " + header));
      return;
    }
    pieces = new Pieces(link, stream, into);
    stream.resumeAt(into.pieces());
    stream.chunks().subscribe(pieces);
  }

  /**
   * The pieces of one stream. Each is handed to the thread as a task that releases it, so whatever
   * ends the stream or the fetch, nobody has to look for pieces in queues.
   */
  private final class Pieces extends BaseSubscriber<EncodedChunk> {
    private final Link link;
    private final InboundStream stream;
    private final PartFile into;
    private int taken;

    Pieces(Link link, InboundStream stream, PartFile into) {
      this.link = link;
      this.stream = stream;
      this.into = into;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      subscription.request(PREFETCH);
    }

    @Override
    protected void hookOnNext(EncodedChunk chunk) {
      if (!submit(() -> take(chunk))) {
        chunk.release();
      }
    }

    private void take(EncodedChunk chunk) {
      try {
        if (end.isDone() || part != into || offering != link) {
          cancel(); // stopped, failed, or another connection has taken over
          return;
        }
        into.append(chunk.first(), chunk.payload());
        received += chunk.encodedLength();
        troubles = 0;
        tellProgress(into);
        if (++taken == PREFETCH / 4) {
          request(taken);
          taken = 0;
        }
      } catch (RuntimeException e) {
        cancel();
        throw e;
      } finally {
        chunk.release();
      }
    }

    @Override
    protected void hookOnComplete() {
      submit(() -> whole(link, stream, into));
    }

    @Override
    protected void hookOnError(Throwable cause) {
      submit(() -> givenUp(link, into, cause));
    }
  }

  /** The stream has ended early: by the server, which stays, by this side, or with the link. */
  private void givenUp(Link link, PartFile into, Throwable cause) {
    LOG.debug("the stream ended early", cause);
    if (part != into || offering != link) {
      return;
    }
    if (Errors.isRetryable(cause)) {
      link.close(); // only another connection begins anew
      return;
    }
    ErrorCode code = Errors.codeOf(cause);
    throw new TributaryException(
        code,
        into.offer().model()
            + ": "
            + cause.getMessage()
            + " after "
            + into.length()
            + " of "
            + into.offer().bytes()
            + " bytes"
            + (code == ErrorCode.CORRUPT_PAYLOAD ? CHANGED : ""),
        cause);
  }

  private void tellProgress(PartFile into) {
    long now = System.nanoTime();
    if (now - saidAt >= NANOS_BETWEEN_WORDS) {
      saidAt = now;
      events.accept(new FetchEvent.Fetched(into.length(), into.offer().bytes()));
    }
  }

  private void whole(Link link, InboundStream stream, PartFile into) {
    if (end.isDone() || part != into || offering != link) {
      return; // a piece that can't be written leaves those before it, though all have come
    }
    boolean good = into.finish();
    if (good) {
      stream.acknowledge();
    }
    forget();
    if (good) {
      complete(into.offer());
    } else if (into.found() > 0) {
      LOG.warn("{} was damaged here; fetching all of it again", into.path());
      link.close();
    } else {
      throw new TributaryException(
          ErrorCode.CORRUPT_PAYLOAD,
          into.offer().model()
              + ": expected SHA-256 "
              + into.offer().sha256()
              + ", found another one"
              + CHANGED);
    }
  }

  private void complete(ModelOffer offer) {
    events.accept(
        new FetchEvent.Complete(
            offer.model(),
            offer.bytes(),
            offer.sha256(),
            target.toString(),
            received,
            (System.nanoTime() - beganAt) / 1e9));
    stop();
  }

  private void lost(Throwable cause) {
    offering = null;
    ErrorCode code = Errors.codeOf(cause);
    boolean mayPass =
        switch (code) {
          // Bytes that a network has changed look like a peer that speaks nonsense.
          case MALFORMED, LIMIT_EXCEEDED, NOT_TRUSTED -> ++troubles < MOST_TROUBLES;
          default -> code.retryable();
        };
    if (!mayPass) {
      fail(cause);
    }
  }

  // --------------------------------------------------------------------------- on the event loop

  private final class Handler implements LinkHandler {
    @Override
    public void connected(Link link) {
      link.message(MessageKind.FETCH.number(), RunDocuments.toBytes(request));
    }

    @Override
    public void message(Link link, int kind, byte[] body) {
      if (kind != MessageKind.OFFERED.number()) {
        throw new TributaryException(
            ErrorCode.PROTOCOL_VIOLATION, "expected OFFERED, found a message of kind " + kind);
      }
      ModelOffer offer = RunDocuments.fromBytes(body, ModelOffer.class);
      submit(() -> offered(link, offer));
    }

    @Override
    public void stream(Link link, InboundStream stream) {
      submit(() -> opened(link, stream));
    }

    @Override
    public void disconnected(Link link, Throwable cause) {
      submit(() -> lost(cause));
    }

    @Override
    public void refused(String address, TributaryException cause) {
      submit(() -> lost(cause));
    }
  }
}
