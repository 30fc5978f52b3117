package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.frame.AckFrameFlyweight;
import io.tributary.frame.CancelFrameFlyweight;
import io.tributary.frame.CloseFrameFlyweight;
import io.tributary.frame.CreditFrameFlyweight;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.MessageFrameFlyweight;
import io.tributary.frame.OpenFrameFlyweight;
import io.tributary.frame.PingFrameFlyweight;
import io.tributary.frame.ResumeFrameFlyweight;
import io.tributary.security.PeerIdentity;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * A link over one channel: what each frame means, and how the link ends.
 *
 * <p>A link ends once, by {@link #end}: streams and pings fail, waiting buffers are released, the
 * socket is closed by {@link LinkCloser}, and the handler hears of it.
 */
final class ChannelLink implements Link {
  private static final Logger log = LoggerFactory.getLogger(ChannelLink.class);

  private final ChannelHandlerContext context;
  private final LinkOptions options;
  private final LinkHandler handler;
  private final LinkStripes stripes;
  private final boolean client;
  private final StreamTable streams;
  private final FrameScheduler scheduler;
  private final LinkCloser closer;
  private final LivenessWatch liveness;
  private final LinkHoldings holdings;
  private final MessageAssembler messages;
  private final PingBook pings = new PingBook();
  private final AtomicLong queuedMessageBytes = new AtomicLong();
  private final Sinks.Empty<Void> closed = Sinks.empty();
  private final long startNanos = System.nanoTime();
  private volatile long framesRead;
  private volatile long framesLate;
  private volatile @Nullable Hello peer;
  private volatile @Nullable PeerIdentity identity;
  private volatile boolean ended;

  ChannelLink(
      ChannelHandlerContext context,
      LinkOptions options,
      LinkHandler handler,
      LinkStripes stripes,
      boolean client) {
    this.context = context;
    this.options = options;
    this.handler = handler;
    this.stripes = stripes;
    this.client = client;
    this.streams = new StreamTable(client);
    var inbound = new InboundShare(options.inbound());
    this.holdings = new LinkHoldings(inbound, queuedMessageBytes, new AtomicLong(), streams);
    this.messages = new MessageAssembler(inbound);
    this.scheduler = new FrameScheduler(context, options, stripes::isWritable, this::guarded);
    this.closer = new LinkCloser(context, scheduler, stripes);
    this.liveness =
        new LivenessWatch(
            context.executor(),
            options.times().pingInterval(),
            () -> guarded(this::pingUnasked),
            silence ->
                end(new TributaryException(ErrorCode.PEER_SILENT, name() + " " + silence), true));
  }

  /** Whether the peer has said HELLO. */
  boolean isIntroduced() {
    return peer != null;
  }

  /** The connection turned out to be one more of another link: this link ends without a word. */
  void yieldTo(ChannelLink other) {
    ended = true;
    peer = other.peer;
    scheduler.release();
    closed.tryEmitEmpty();
  }

  /** The peer has shown a certificate. */
  void identified(PeerIdentity certified) {
    identity = certified;
  }

  /** The channel is active, and protected if it is to be: says HELLO and waits for the peer's. */
  void begin() {
    scheduler.control(Handshake.hello(allocator(), options));
    var unused =
        context
            .executor()
            .schedule(
                () -> {
                  if (peer == null) {
                    end(
                        new TributaryException(
                            ErrorCode.PEER_SILENT,
                            name() + " has sent no HELLO for " + options.times().helloPatience()),
                        true);
                  }
                },
                options.times().helloPatience().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  // ---- what the application asks

  @Override
  public Hello peer() {
    return Objects.requireNonNull(peer, "nobody holds a link before HELLO");
  }

  @Override
  public Optional<PeerIdentity> identity() {
    return Optional.ofNullable(identity);
  }

  @Override
  public Mono<Void> send(
      StreamHeader header,
      boolean repeated,
      Function<Integer, Publisher<EncodedChunk>> chunksFrom) {
    return Mono.create(
        sink -> begin(new OutboundStream(this, header, repeated, null, chunksFrom, sink), sink));
  }

  @Override
  public Mono<Void> sendTo(
      FarPeer to, StreamHeader header, Supplier<Publisher<EncodedChunk>> chunks) {
    return Mono.create(
        sink ->
            begin(new OutboundStream(this, header, false, to, from -> chunks.get(), sink), sink));
  }

  private void begin(OutboundStream stream, MonoSink<Void> sink) {
    sink.onCancel(() -> execute(stream::cancel));
    boolean accepted =
        execute(
            () -> {
              if (ended) {
                sink.error(lost());
              } else if (!stream.hasEnded()) {
                streams.add(stream);
                scheduler.ready(stream);
              }
            });
    if (!accepted) {
      sink.error(lost());
    }
  }

  @Override
  public void message(int kind, byte[] body) {
    if (kind < 0 || kind > 0xFFFF) {
      throw new IllegalArgumentException("message kind " + kind);
    }
    if (body.length > options.limits().messageLength()) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "message of kind "
              + kind
              + ": expected at most "
              + options.limits().messageLength()
              + " bytes, found "
              + body.length);
    }
    if (ended) {
      return;
    }
    long queued = queuedMessageBytes.addAndGet(body.length);
    // One message is always let through, so that the two limits can't contradict each other.
    if (queued > options.messageQueueBytes() && queued != body.length) {
      queuedMessageBytes.addAndGet(-body.length);
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "messages to "
              + name()
              + ": expected at most "
              + options.messageQueueBytes()
              + " bytes to wait, found "
              + queued);
    }
    OutboundMessage message = new OutboundMessage(kind, body, queuedMessageBytes);
    if (!execute(() -> scheduler.message(message))) {
      message.done();
    }
  }

  @Override
  public Mono<Duration> ping() {
    return Mono.create(
        sink -> {
          long since = System.nanoTime();
          boolean accepted =
              execute(
                  () -> {
                    if (ended) {
                      sink.error(lost());
                      return;
                    }
                    long nonce;
                    try {
                      nonce = pings.nonce(sink, since);
                    } catch (TributaryException e) {
                      sink.error(e);
                      return;
                    }
                    scheduler.control(PingFrameFlyweight.encodePing(allocator(), nonce));
                  });
          if (!accepted) {
            sink.error(lost());
          }
        });
  }

  @Override
  public LinkCounters counters() {
    return new LinkCounters(
        System.nanoTime() - startNanos,
        stripes.counter().bytesWritten(),
        stripes.counter().bytesRead(),
        scheduler.framesWritten(),
        framesRead,
        framesLate,
        options.bytesPerSecond(),
        stripes.connections());
  }

  @Override
  public void close() {
    execute(
        () -> end(new TributaryException(ErrorCode.CONNECTION_LOST, "closed by this side"), false));
  }

  @Override
  public void fail(ErrorCode code, String text) {
    execute(() -> end(new TributaryException(code, text), true));
  }

  @Override
  public Mono<Void> onClose() {
    return closed.asMono();
  }

  // ---- what streams ask

  ByteBufAllocator allocator() {
    return context.alloc();
  }

  FrameScheduler scheduler() {
    return scheduler;
  }

  LinkOptions options() {
    return options;
  }

  LinkHoldings holdings() {
    return holdings;
  }

  /** Adds a stream that is passed on; false if the link has ended. */
  boolean addOutbound(OutboundEnd stream) {
    if (!ended) {
      streams.add(stream);
    }
    return !ended;
  }

  int nextId(OutboundEnd stream) {
    return streams.nextId(stream);
  }

  void forget(OutboundEnd stream) {
    streams.remove(stream);
  }

  void forget(InboundEnd stream) {
    streams.remove(stream);
  }

  /** Runs a task on the event loop, at once if already there; false if the loop is no more. */
  boolean execute(Runnable task) {
    if (context.executor().inEventLoop()) {
      guarded(task);
      return true;
    }
    return executeLater(task);
  }

  /** Runs a task on the event loop behind what it is doing now; false if the loop is no more. */
  boolean executeLater(Runnable task) {
    try {
      context.executor().execute(() -> guarded(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  TributaryException lost() {
    return new TributaryException(
        ErrorCode.CONNECTION_LOST, "the connection to " + name() + " has ended");
  }

  // ---- what the channel says

  /** Takes a frame that passed the decoder, and releases it. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void onFrame(ByteBuf frame) {
    try {
      if (!ended) {
        framesRead++;
        liveness.heard();
        guarded(() -> dispatch(frame));
      }
    } finally {
      frame.release();
    }
  }

  void onWritable() {
    guarded(scheduler::pump);
  }

  void onInactive() {
    end(
        new TributaryException(ErrorCode.CONNECTION_LOST, name() + " has closed the connection"),
        false);
    closed.tryEmitEmpty();
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (TributaryException e) {
      end(e, true);
    } catch (RuntimeException | Error e) {
      // An Error too, above all the want of memory: a link that stays would never move again.
      log.error("defect on the link to {}", name(), e);
      end(new TributaryException(ErrorCode.INTERNAL, "defect: " + e, e), true);
    }
  }

  private void dispatch(ByteBuf frame) {
    switch (FrameHeaderFlyweight.type(frame)) {
      case HELLO -> onHello(Hello.of(frame));
      case OPEN -> onOpen(frame);
      case DATA -> {
        InboundEnd stream = inbound(DataFrameFlyweight.stream(frame));
        if (stream != null) {
          stream.onData(frame);
        }
      }
      case CLOSE -> {
        InboundEnd stream = inbound(CloseFrameFlyweight.stream(frame));
        if (stream != null) {
          stream.onClose(CloseFrameFlyweight.chunks(frame));
        }
      }
      case CANCEL -> {
        int reason = CancelFrameFlyweight.reason(frame);
        endStream(
            CancelFrameFlyweight.stream(frame),
            Errors.fromWire(reason, name() + " has cancelled the stream"));
      }
      case CREDIT -> {
        OutboundEnd stream = outbound(CreditFrameFlyweight.stream(frame));
        if (stream != null) {
          stream.onCredit(CreditFrameFlyweight.chunks(frame));
        }
      }
      case ACK -> {
        OutboundEnd stream = outbound(AckFrameFlyweight.stream(frame));
        if (stream != null) {
          stream.onAck(AckFrameFlyweight.chunks(frame), AckFrameFlyweight.whole(frame));
        }
      }
      case RESUME -> {
        OutboundEnd stream = outbound(ResumeFrameFlyweight.stream(frame));
        if (stream != null) {
          stream.onResume(ResumeFrameFlyweight.chunk(frame));
        }
      }
      case ERROR -> {
        TributaryException failure =
            Errors.fromWire(
                ErrorFrameFlyweight.code(frame), name() + ": " + ErrorFrameFlyweight.text(frame));
        if (ErrorFrameFlyweight.stream(frame) == 0) {
          end(failure, false);
        } else {
          endStream(ErrorFrameFlyweight.stream(frame), failure);
        }
      }
      case PING ->
          scheduler.control(
              PingFrameFlyweight.encodePong(allocator(), PingFrameFlyweight.nonce(frame)));
      case PONG -> {
        if (pings.answered(PingFrameFlyweight.nonce(frame), System.nanoTime())) {
          liveness.answered();
        }
      }
      case MESSAGE -> {
        byte[] body = messages.add(frame);
        if (body != null) {
          handler.message(this, MessageFrameFlyweight.kind(frame), body);
        }
      }
      case STRIPE, TURN -> throw new IllegalStateException("a frame of the layer below");
    }
  }

  private void onHello(Hello hello) {
    Handshake.check(hello, identity, address());
    peer = hello;
    liveness.start();
    handler.connected(this);
  }

  private void onOpen(ByteBuf frame) {
    int id = OpenFrameFlyweight.stream(frame);
    streams.claim(id);
    StreamKind kind = StreamKind.fromWire(OpenFrameFlyweight.kind(frame)).orElse(null);
    if (kind == null) {
      refuse(
          id,
          ErrorCode.PROTOCOL_VIOLATION,
          "unknown stream kind " + OpenFrameFlyweight.kind(frame));
      return;
    }
    if (streams.inboundCount() >= options.maxStreams()) {
      refuse(
          id,
          ErrorCode.LIMIT_EXCEEDED,
          "expected at most " + options.maxStreams() + " open streams, found one more");
      return;
    }
    StreamHeader header =
        new StreamHeader(
            kind,
            OpenFrameFlyweight.fragment(frame),
            OpenFrameFlyweight.version(frame),
            OpenFrameFlyweight.participant(frame),
            OpenFrameFlyweight.chunks(frame),
            OpenFrameFlyweight.tokens(frame));
    FarPeer far = null;
    if (OpenFrameFlyweight.far(frame)) {
      far = new FarPeer(OpenFrameFlyweight.farName(frame), OpenFrameFlyweight.farDecodes(frame));
      if (!client) {
        passOn(id, header, far.name());
        return;
      }
    }
    var stream = new ReceivedStream(this, id, header, OpenFrameFlyweight.repeated(frame), far);
    streams.add(stream);
    handler.stream(this, stream);
  }

  private void passOn(int id, StreamHeader header, String name) {
    try {
      RelayRoute route = handler.route(this, name);
      var inlet = new RelayInlet(this, id, header, (ChannelLink) route.to(), route.gauge());
      streams.add(inlet);
      inlet.open();
    } catch (TributaryException e) {
      refuse(id, e.code(), String.valueOf(e.getMessage()));
    }
  }

  private void endStream(int id, TributaryException cause) {
    OutboundEnd outbound = streams.outbound(id);
    InboundEnd inbound = streams.inbound(id);
    if (outbound != null) {
      outbound.onFailure(cause);
    } else if (inbound != null) {
      inbound.onFailure(cause);
    } else {
      // No answer, even if the id was never opened: two sides must not exchange ERRORs for ever.
      countLate();
    }
  }

  private @Nullable OutboundEnd outbound(int id) {
    OutboundEnd stream = streams.outbound(id);
    if (stream == null) {
      lateOrUnknown(id);
    }
    return stream;
  }

  private @Nullable InboundEnd inbound(int id) {
    InboundEnd stream = streams.inbound(id);
    if (stream == null) {
      lateOrUnknown(id);
    }
    return stream;
  }

  /** Frames cross: what the peer sent before it knew that a stream had ended is no offence. */
  private void lateOrUnknown(int id) {
    if (streams.wasOpened(id)) {
      countLate();
    } else {
      refuse(id, ErrorCode.UNKNOWN_STREAM, "stream " + id + " was never opened");
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void countLate() {
    framesLate++;
  }

  private void refuse(int id, ErrorCode code, String text) {
    scheduler.control(ErrorFrameFlyweight.encode(allocator(), id, code.number(), text));
  }

  private void pingUnasked() {
    scheduler.control(PingFrameFlyweight.encodePing(allocator(), pings.nonce()));
  }

  // ---- how it ends

  /**
   * Ends the link; does nothing the second time.
   *
   * @param tell whether the peer should learn the reason
   */
  void end(TributaryException cause, boolean tell) {
    if (ended) {
      return;
    }
    ended = true;
    liveness.stop();
    TributaryException lost =
        cause.code() == ErrorCode.CONNECTION_LOST
            ? cause
            : new TributaryException(
                ErrorCode.CONNECTION_LOST,
                "the connection to " + name() + " has ended: " + cause.getMessage(),
                cause);
    streams.takeOutbound().forEach(stream -> foreign(() -> stream.onFailure(lost)));
    streams.takeInbound().forEach(stream -> foreign(() -> stream.onFailure(lost)));
    messages.release();
    foreign(() -> pings.fail(lost));
    stripes.finish();
    closer.close(tell ? cause : null, peer == null);
    if (peer == null) {
      foreign(() -> handler.refused(address(), cause));
    } else {
      foreign(() -> handler.disconnected(this, cause));
    }
  }

  /** Runs what ends in the application's code, which must not keep the link from ending. */
  private void foreign(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("defect of the application at the end of the link to {}", name(), e);
    }
  }

  private String address() {
    return String.valueOf(context.channel().remoteAddress());
  }

  String name() {
    Hello hello = peer;
    return hello == null ? address() : hello.name() + " at " + address();
  }
}
