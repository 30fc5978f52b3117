package io.tributary.agent.split;

import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import io.tributary.link.FarPeer;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkCounters;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.FoundService;
import io.tributary.run.GoneService;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.security.LinkSecurity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * An agent's link to the coordinator, as one queue of what happens on it: the agent's thread takes
 * one thing after the other and needs no locks.
 *
 * <p>{@link #next} and the sending methods belong to the agent's thread; {@link #stop} to any.
 */
final class SplitConnection implements LinkHandler, AutoCloseable {
  /** What happens. */
  sealed interface News {}

  /** There is a link, the first or a new one. */
  record Connected(Link link) implements News {}

  /** The link has ended. */
  record Lost(Throwable cause) implements News {}

  /** The coordinator has found an agent. */
  record Found(FoundService service) implements News {}

  /** An agent that the coordinator has found has left. */
  record Gone(String agent) implements News {}

  /**
   * A whole message of another agent; its stream isn't acknowledged yet.
   *
   * @param nanos when its last byte was read, which may be long before it is looked at
   */
  record Arrived(
      FarPeer from, StreamHeader header, SplitParts parts, InboundStream stream, long nanos)
      implements News {}

  /** A message wasn't taken. */
  record Undelivered(FarPeer to, StreamHeader header, Throwable cause) implements News {}

  /** A message was taken whose taking is news: {@link #sendAndTell}. */
  record Delivered(StreamHeader header) implements News {}

  /** The agent is to stop. */
  record Stop() implements News {}

  /** The most bytes of a message until more is known. */
  private static final int FIRST_BYTES = 64 * 1024;

  /** A wait that took so much longer than it was to: the process was held still. */
  private static final long HELD_STILL = TimeUnit.SECONDS.toNanos(1);

  private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
  private final LinkClient client;
  private volatile int mostBytes = FIRST_BYTES;
  private volatile @Nullable Link link;
  private long bytesUp;
  private long bytesDown;
  private long hearingSince = System.nanoTime();

  /**
   * Begins to connect, and goes on while the coordinator is away.
   *
   * @param decodes the codecs that messages may travel in
   */
  SplitConnection(
      String name,
      String host,
      int port,
      long bytesPerSecond,
      LinkSecurity security,
      List<CodecRange> decodes) {
    client =
        LinkClient.connect(
            host, port, LinkOptions.of(name, decodes, bytesPerSecond).withSecurity(security), this);
  }

  // ---- the agent's thread

  /** From now on messages of so many bytes are taken. */
  void takeUpTo(int bytes) {
    mostBytes = bytes;
  }

  /** What happened next, or null if nothing does within that time. */
  @Nullable News next(Duration patience) {
    long began = System.nanoTime();
    try {
      News next = news.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      long now = System.nanoTime();
      boolean heldStill = now - began > patience.toNanos() + HELD_STILL;
      if (link == null || next instanceof Connected || heldStill) {
        hearingSince = now;
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Stop();
    }
  }

  /** Since when others could be heard: there was a link, and the process wasn't held still. */
  long hearingSince() {
    return hearingSince;
  }

  /** Whether something has happened that wasn't taken yet. */
  boolean hasNews() {
    return !news.isEmpty();
  }

  /** Says something to the coordinator; lost if there is no link. */
  void tell(MessageKind kind, Record document) {
    Link now = link;
    if (now != null) {
      now.message(kind.number(), RunDocuments.toBytes(document));
    }
  }

  /**
   * Sends a message to another agent. What becomes of it is news only if it isn't taken; without a
   * link nothing happens, as {@link Lost} says all.
   *
   * @param codec that its values are in
   * @param step the step that it belongs to
   * @param index the micro-batch within the step
   * @param branch that the message belongs to, see {@link SplitPlace}
   */
  void send(
      FarPeer to,
      StreamKind kind,
      SplitVerb verb,
      CodecId codec,
      int step,
      int index,
      long branch,
      SplitParts parts) {
    Link now = link;
    if (now == null) {
      return;
    }
    var header = new StreamHeader(kind, index, step, verb.number(), parts.chunkCount(), branch);
    var unused =
        now.sendTo(to, header, () -> parts.chunks(codec))
            .subscribe(done -> {}, failure -> news.add(new Undelivered(to, header, failure)));
  }

  /** Sends a message without parts; {@link Delivered} says when it is taken. */
  void sendAndTell(FarPeer to, SplitVerb verb, CodecId codec, int step, long branch) {
    Link now = link;
    if (now == null) {
      return;
    }
    var header = new StreamHeader(StreamKind.ACTIVATIONS, 0, step, verb.number(), 0, branch);
    var unused =
        now.sendTo(to, header, () -> new SplitParts().chunks(codec))
            .subscribe(
                done -> {},
                failure -> news.add(new Undelivered(to, header, failure)),
                () -> news.add(new Delivered(header)));
  }

  /** Bytes written to sockets so far. */
  synchronized long bytesUp() {
    Link now = link;
    return bytesUp + (now == null ? 0 : now.counters().bytesWritten());
  }

  /** Bytes read from sockets so far. */
  synchronized long bytesDown() {
    Link now = link;
    return bytesDown + (now == null ? 0 : now.counters().bytesRead());
  }

  /** Lets the agent's thread find {@link Stop}. */
  void stop() {
    news.add(new Stop());
  }

  @Override
  public void close() {
    client.close();
  }

  // ---- the event loop

  @Override
  public void connected(Link now) {
    link = now;
    news.add(new Connected(now));
  }

  @Override
  public void message(Link from, int kind, byte[] body) {
    switch (MessageKind.fromWire(kind).orElse(MessageKind.FAREWELL)) {
      case FOUND -> news.add(new Found(RunDocuments.fromBytes(body, FoundService.class)));
      case GONE -> news.add(new Gone(RunDocuments.fromBytes(body, GoneService.class).agent()));
      default ->
          throw new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION, "expected FOUND or GONE, found message kind " + kind);
    }
  }

  @Override
  public void stream(Link from, InboundStream stream) {
    FarPeer sender = stream.far().orElse(null);
    StreamKind kind = stream.header().kind();
    if (sender == null || (kind != StreamKind.ACTIVATIONS && kind != StreamKind.CUT_GRADIENTS)) {
      stream.reject(
          ErrorCode.PROTOCOL_VIOLATION,
          "expected activations or gradients of another agent, found " + kind);
      return;
    }
    stream.chunks().subscribe(new Taker(sender, stream));
  }

  /** Takes a message chunk by chunk, so that no more is under way than the link's credit. */
  private final class Taker extends BaseSubscriber<EncodedChunk> {
    private final FarPeer sender;
    private final InboundStream stream;
    private final SplitParts.Collector collector = new SplitParts.Collector(mostBytes);

    Taker(FarPeer sender, InboundStream stream) {
      this.sender = sender;
      this.stream = stream;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      request(1);
    }

    @Override
    protected void hookOnNext(EncodedChunk chunk) {
      try {
        collector.add(chunk);
        request(1);
      } catch (TributaryException e) {
        stream.reject(e.code(), String.valueOf(e.getMessage()));
      } finally {
        chunk.release();
      }
    }

    @Override
    protected void hookOnComplete() {
      news.add(new Arrived(sender, stream.header(), collector.whole(), stream, System.nanoTime()));
    }

    @Override
    protected void hookOnError(Throwable failure) {
      // Its sender knows, and sends again what matters.
    }
  }

  @Override
  public synchronized void disconnected(Link from, Throwable cause) {
    LinkCounters counters = from.counters();
    bytesUp += counters.bytesWritten();
    bytesDown += counters.bytesRead();
    if (link == from) {
      link = null;
    }
    news.add(new Lost(cause));
  }

  @Override
  public void refused(String address, TributaryException cause) {
    if (!cause.code().retryable()) {
      news.add(new Lost(cause));
    }
  }

  /** Throws what has ended a link if another one would end as well. */
  static void throwIfFinal(Throwable cause) {
    if (!Errors.isRetryable(cause)) {
      throw cause instanceof TributaryException ours
          ? ours
          : new TributaryException(ErrorCode.INTERNAL, String.valueOf(cause.getMessage()), cause);
    }
  }
}
