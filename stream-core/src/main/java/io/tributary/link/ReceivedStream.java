package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.error.UnsupportedFormatException;
import io.tributary.frame.AckFrameFlyweight;
import io.tributary.frame.CancelFrameFlyweight;
import io.tributary.frame.CreditFrameFlyweight;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.ResumeFrameFlyweight;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The receiver's end of a stream: chunks put together from frames wait here until they are
 * demanded, never more than the initial credit.
 *
 * <p>Demand becomes credit at once as long as the {@link InboundShare} has room, and otherwise a
 * chunk at a time, when all chunks before it are released. So each stream goes on, however much the
 * others hold.
 *
 * <p>All state lives on the event loop; public methods bring their work there.
 */
final class ReceivedStream implements InboundStream, InboundEnd, Subscription {
  private final ChannelLink link;
  private final int id;
  private final StreamHeader header;
  private final boolean repeated;
  private final @Nullable FarPeer far;
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final AtomicBoolean resumed = new AtomicBoolean();
  private final ArrayDeque<EncodedChunk> ready = new ArrayDeque<>();
  private ChunkAssembler assembler;
  private CreditWindow window;
  private @Nullable CoreSubscriber<? super EncodedChunk> subscriber;
  private long demand;

  /** The demand that isn't credit yet. */
  private long withheld;

  /** Whether the release of a chunk may turn demand into credit. */
  private volatile boolean waitsForRelease;

  /** Whole chunks that nobody has released. */
  private final AtomicInteger held = new AtomicInteger();

  private boolean started;
  private boolean closed;
  private boolean delivering;
  private volatile long arrived;

  /** No further frame of the stream is of interest. */
  private boolean ended;

  /** Why the chunks end early, if they do. */
  private @Nullable Throwable failure;

  /** The subscriber has had its last signal, or wants none. */
  private boolean silent;

  ReceivedStream(
      ChannelLink link, int id, StreamHeader header, boolean repeated, @Nullable FarPeer far) {
    this.link = link;
    this.id = id;
    this.header = header;
    this.repeated = repeated;
    this.far = far;
    this.started = !repeated;
    this.assembler = assembler(0);
    this.window = new CreditWindow(link.options().initialCredit(), header.chunks());
  }

  private ChunkAssembler assembler(int next) {
    return new ChunkAssembler(link.allocator(), link.holdings().inbound(), next, this::released);
  }

  @Override
  public int id() {
    return id;
  }

  // ---- what the application asks

  @Override
  public StreamHeader header() {
    return header;
  }

  @Override
  public boolean repeated() {
    return repeated;
  }

  @Override
  public long arrived() {
    return arrived;
  }

  @Override
  public Optional<FarPeer> far() {
    return Optional.ofNullable(far);
  }

  @Override
  public Flux<EncodedChunk> chunks() {
    Publisher<EncodedChunk> publisher = this::subscribe;
    return Flux.from(publisher);
  }

  @Override
  public void resumeAt(int chunk) {
    if (!repeated) {
      throw new IllegalStateException("stream " + id + " isn't repeated and starts from chunk 0");
    }
    if (chunk < 0 || chunk > header.chunks()) {
      throw new IllegalArgumentException("chunk " + chunk + " of " + header.chunks());
    }
    if (resumed.getAndSet(true)) {
      throw new IllegalStateException("stream " + id + " was resumed already");
    }
    link.execute(
        () -> {
          if (!ended) {
            started = true;
            assembler = assembler(chunk);
            window = new CreditWindow(link.options().initialCredit(), header.chunks() - chunk);
            link.scheduler().control(ResumeFrameFlyweight.encode(link.allocator(), id, chunk));
          }
        });
  }

  @Override
  public void acknowledge(int chunks) {
    if (chunks < 0 || chunks > header.chunks()) {
      throw new IllegalArgumentException("chunks " + chunks + " of " + header.chunks());
    }
    link.execute(
        () -> {
          if (!ended) {
            link.scheduler().control(AckFrameFlyweight.encode(link.allocator(), id, chunks, false));
          }
        });
  }

  @Override
  public void acknowledge() {
    link.execute(
        () -> {
          if (!ended) {
            link.scheduler()
                .control(AckFrameFlyweight.encode(link.allocator(), id, header.chunks(), true));
            closed = true;
            end(null);
          }
        });
  }

  @Override
  public void reject(ErrorCode code, String text) {
    link.execute(() -> fail(new TributaryException(code, text)));
  }

  private void subscribe(org.reactivestreams.Subscriber<? super EncodedChunk> plain) {
    CoreSubscriber<? super EncodedChunk> actual = Operators.toCoreSubscriber(plain);
    if (subscribed.getAndSet(true)) {
      Operators.error(
          actual, new IllegalStateException("the chunks of stream " + id + " have a subscriber"));
      return;
    }
    if (repeated && !resumed.get()) {
      resumeAt(0);
    }
    // On the caller's thread: who subscribes may ask for chunks right after.
    actual.onSubscribe(this);
    boolean accepted =
        link.execute(
            () -> {
              subscriber = actual;
              deliver();
            });
    if (!accepted) {
      actual.onError(link.lost());
    }
  }

  @Override
  public void request(long n) {
    link.execute(
        () -> {
          if (n <= 0) {
            giveUp(new IllegalArgumentException("demand of " + n + " chunks, expected 1 or more"));
            return;
          }
          demand = Operators.addCap(demand, n);
          if (!ended && !closed) {
            withheld = Operators.addCap(withheld, n);
            passCredit();
          }
          deliver();
        });
  }

  private void passCredit() {
    // First: a release from now on is either seen below or looks again.
    waitsForRelease = true;
    long now = 0;
    if (link.holdings().inbound().hasRoom()) {
      now = withheld;
    } else if (held.get() == 0 && window.isUsedUp() && !assembler.underWay()) {
      now = Math.min(withheld, window.untilNext());
    }
    withheld -= now;
    int more = window.demand(now);
    if (more > 0) {
      link.scheduler().control(CreditFrameFlyweight.encode(link.allocator(), id, more));
    }
    waitsForRelease = withheld > 0;
  }

  /** A chunk's last owner has released it, on any thread. */
  private void released() {
    held.decrementAndGet();
    if (waitsForRelease) {
      link.execute(
          () -> {
            if (!ended && !closed && withheld > 0) {
              passCredit();
            }
          });
    }
  }

  @Override
  public void cancel() {
    link.execute(
        () -> {
          silent = true;
          giveUp(null);
        });
  }

  /** The application wants no more of the stream. */
  private void giveUp(@Nullable Throwable cause) {
    if (ended) {
      releaseAll();
    } else {
      tell(CancelFrameFlyweight.encode(link.allocator(), id, ErrorCode.CANCELLED.number()));
      end(cause);
    }
  }

  // ---- what the peer says

  /**
   * Takes a DATA frame, which stays the caller's.
   *
   * @throws TributaryException {@code MALFORMED} if the frame contradicts the ones before: the
   *     connection can't go on; {@code CONNECTION_LOST} if this process holds too much
   */
  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void onData(ByteBuf frame) {
    TributaryException objection = objectionTo(frame);
    if (objection != null) {
      fail(objection);
      return;
    }
    EncodedChunk chunk;
    try {
      chunk = assembler.add(frame);
    } catch (TributaryException e) {
      if (e.code() != ErrorCode.LIMIT_EXCEEDED) {
        throw e;
      }
      fail(e);
      return;
    }
    arrived += DataFrameFlyweight.payloadLength(frame);
    if (chunk != null) {
      held.incrementAndGet();
      ready.add(chunk);
      deliver();
    }
  }

  private @Nullable TributaryException objectionTo(ByteBuf frame) {
    if (!started || closed) {
      return new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "DATA of stream "
              + id
              + (closed ? " after its CLOSE" : ", which is repeated and waits for RESUME"));
    }
    if (!DataFrameFlyweight.begins(frame) || assembler.underWay()) {
      return null;
    }
    int codec = DataFrameFlyweight.codec(frame);
    int version = DataFrameFlyweight.codecVersion(frame);
    if (link.options().decodes().stream().noneMatch(range -> range.includes(codec, version))) {
      return UnsupportedFormatException.codec(
          String.format(Locale.ROOT, "0x%04x version %d", codec, version),
          link.options().decodes());
    }
    int dtype = DataFrameFlyweight.dtype(frame);
    if (dtype != FrameFormat.DTYPE_FLOAT32) {
      return new TributaryException(
          ErrorCode.UNKNOWN_CODEC,
          "element type: expected " + FrameFormat.DTYPE_FLOAT32 + " (float32), found " + dtype);
    }
    if (assembler.chunk() >= header.chunks()) {
      return new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "stream "
              + id
              + ": expected "
              + header.chunks()
              + " chunks, found chunk "
              + DataFrameFlyweight.chunk(frame));
    }
    if (!window.take()) {
      return new TributaryException(
          ErrorCode.CREDIT_EXCEEDED,
          "stream " + id + ": expected at most " + window.granted() + " chunks, found one more");
    }
    return null;
  }

  @Override
  public void onClose(int chunks) {
    if (!started
        || closed
        || assembler.underWay()
        || chunks != header.chunks()
        || chunks != assembler.chunk()) {
      fail(
          new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION,
              "CLOSE of stream "
                  + id
                  + ": expected it after "
                  + header.chunks()
                  + " chunks, found it after "
                  + assembler.chunk()
                  + (assembler.underWay() ? " and a part" : "")
                  + ", saying "
                  + chunks));
      return;
    }
    closed = true;
    deliver();
  }

  /** The peer or the connection ended the stream. */
  @Override
  public void onFailure(Throwable cause) {
    if (!ended) {
      end(cause);
    }
  }

  /** This side refuses the stream. */
  private void fail(TributaryException complaint) {
    if (!ended) {
      tell(
          ErrorFrameFlyweight.encode(
              link.allocator(),
              id,
              complaint.code().number(),
              String.valueOf(complaint.getMessage())));
      end(complaint);
    }
  }

  private void tell(ByteBuf frame) {
    link.scheduler().control(frame);
  }

  private void end(@Nullable Throwable cause) {
    ended = true;
    link.forget(this);
    releaseAll();
    if (failure == null) {
      failure = cause;
    }
    deliver();
  }

  private void releaseAll() {
    assembler.release();
    ready.forEach(EncodedChunk::release);
    ready.clear();
  }

  private void deliver() {
    CoreSubscriber<? super EncodedChunk> to = subscriber;
    if (to == null || delivering) {
      return;
    }
    delivering = true;
    try {
      while (demand > 0 && !ready.isEmpty() && !silent) {
        if (demand != Long.MAX_VALUE) {
          demand--;
        }
        to.onNext(ready.remove());
      }
      if (!silent && failure != null) {
        silent = true;
        to.onError(failure);
      } else if (!silent && closed && ready.isEmpty()) {
        silent = true;
        to.onComplete();
      }
    } finally {
      delivering = false;
    }
  }
}
