package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.tributary.codec.CodecRange;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.frame.CancelFrameFlyweight;
import io.tributary.frame.CloseFrameFlyweight;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.OpenFrameFlyweight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.MonoSink;

/**
 * The sender's end of a stream: OPEN, perhaps the wait for RESUME, chunks as credit allows, CLOSE,
 * the wait for ACK.
 *
 * <p>Between publisher and wire lie at most {@link LinkOptions#senderChunks} chunks: the publisher
 * is asked for what the peer's credit and this bound both allow. Signals of the publisher may come
 * on any thread; they are brought to the event loop, where all state lives.
 */
final class OutboundStream implements OutboundEnd, CoreSubscriber<EncodedChunk> {
  private final ChannelLink link;
  private final StreamHeader header;
  private final boolean repeated;
  private final @Nullable FarPeer far;
  private final Function<Integer, Publisher<EncodedChunk>> chunksFrom;
  private final MonoSink<Void> result;
  private final ArrayDeque<EncodedChunk> ready = new ArrayDeque<>();

  /** 0 until OPEN is written: ids ascend on the wire, and an urgent stream may open first. */
  private int id;

  private @Nullable Subscription publisher;
  private long credit;
  private int requested;

  /** The index of the chunk that the publisher gives next. */
  private int nextGiven;

  /** The index of the chunk under way, or of the next. */
  private int nextSent;

  /** The bytes already sent of the first ready chunk. */
  private int offset;

  private boolean begun;
  private boolean started;
  private boolean publisherDone;
  private boolean closed;
  private boolean ended;

  OutboundStream(
      ChannelLink link,
      StreamHeader header,
      boolean repeated,
      @Nullable FarPeer far,
      Function<Integer, Publisher<EncodedChunk>> chunksFrom,
      MonoSink<Void> result) {
    this.link = link;
    this.header = header;
    this.repeated = repeated;
    this.far = far;
    this.chunksFrom = chunksFrom;
    this.result = result;
  }

  @Override
  public int id() {
    return id;
  }

  /** Whether it has ended, which can be before it began: by a subscriber that cancels at once. */
  boolean hasEnded() {
    return ended;
  }

  // ---- what the scheduler asks

  @Override
  public int priority() {
    return header.kind().priority();
  }

  @Override
  public boolean hasFrame() {
    if (ended) {
      return false;
    }
    return id == 0
        || begun
        || (!ready.isEmpty() && credit > 0)
        || (publisherDone && ready.isEmpty() && !closed);
  }

  @Override
  public int writeFrame(ChannelHandlerContext context, int maxPayload) {
    if (id == 0) {
      return writeOpen(context);
    }
    EncodedChunk chunk = ready.peek();
    return chunk == null ? writeClose(context) : writeData(context, chunk, maxPayload);
  }

  private int writeOpen(ChannelHandlerContext context) {
    id = link.nextId(this);
    ByteBuf frame = far == null ? open(context) : openFar(context, far);
    int bytes = FrameScheduler.write(context, frame);
    if (!repeated) {
      // Not at once: the publisher is foreign code, and the scheduler is in the middle of its work.
      context.executor().execute(() -> start(0));
    }
    return bytes;
  }

  private ByteBuf open(ChannelHandlerContext context) {
    return OpenFrameFlyweight.encode(
        context.alloc(),
        repeated,
        id,
        header.kind().number(),
        header.kind().priority(),
        header.fragment(),
        header.version(),
        header.participant(),
        header.chunks(),
        header.tokens());
  }

  /** Names the agent; what this side decodes, the server knows and tells it. */
  private ByteBuf openFar(ChannelHandlerContext context, FarPeer to) {
    return OpenFrameFlyweight.encodeFar(
        context.alloc(),
        id,
        header.kind().number(),
        header.kind().priority(),
        header.fragment(),
        header.version(),
        header.participant(),
        header.chunks(),
        header.tokens(),
        to.name().getBytes(StandardCharsets.UTF_8),
        List.of());
  }

  private int writeData(ChannelHandlerContext context, EncodedChunk chunk, int maxPayload) {
    if (!begun) {
      begun = true;
      credit--;
    }
    ByteBuf encoded = chunk.payload();
    int length = Math.min(maxPayload, chunk.encodedLength() - offset);
    ByteBuf frame =
        DataFrameFlyweight.encodeHeader(
            context.alloc(),
            id,
            nextSent,
            chunk.codec(),
            chunk.codecVersion(),
            chunk.tensor(),
            chunk.first(),
            chunk.count(),
            encoded,
            offset,
            length);
    int bytes = FrameScheduler.write(context, frame);
    if (length > 0) {
      bytes +=
          FrameScheduler.write(
              context, encoded.retainedSlice(encoded.readerIndex() + offset, length));
    }
    offset += length;
    if (offset == chunk.encodedLength()) {
      begun = false;
      offset = 0;
      nextSent++;
      ready.remove();
      link.holdings().chunks().addAndGet(-chunk.encodedLength());
      chunk.release();
      requestMore();
    }
    return bytes;
  }

  private int writeClose(ChannelHandlerContext context) {
    closed = true;
    ByteBuf frame = CloseFrameFlyweight.encode(context.alloc(), id, header.chunks());
    return FrameScheduler.write(context, frame);
  }

  // ---- what the peer says

  @Override
  public void onResume(int chunk) {
    if (!repeated || started || chunk > header.chunks()) {
      fail(
          new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION,
              "RESUME of stream "
                  + id
                  + ": expected one answer to a repeated OPEN of "
                  + header.chunks()
                  + " chunks, found chunk "
                  + chunk));
      return;
    }
    start(chunk);
  }

  @Override
  public void onCredit(int chunks) {
    credit += chunks;
    requestMore();
    link.scheduler().ready(this);
  }

  @Override
  public void onAck(int chunks, boolean whole) {
    if (chunks > (whole ? header.chunks() : nextSent)) {
      fail(
          new TributaryException(
              ErrorCode.PROTOCOL_VIOLATION,
              "ACK of stream "
                  + id
                  + ": expected at most "
                  + nextSent
                  + " chunks, found "
                  + chunks));
    } else if (whole) {
      end();
      result.success();
    }
  }

  @Override
  public void onFailure(TributaryException failure) {
    if (!ended) {
      end();
      result.error(failure);
    }
  }

  /** The application gave the stream up. */
  void cancel() {
    if (!ended) {
      end();
      tellPeer(ErrorCode.CANCELLED);
    }
  }

  /** This side found a fault. */
  private void fail(Throwable failure) {
    if (!ended) {
      end();
      tellPeer(Errors.codeOf(failure));
      result.error(failure);
    }
  }

  private void tellPeer(ErrorCode reason) {
    if (id != 0) {
      link.scheduler().control(CancelFrameFlyweight.encode(link.allocator(), id, reason.number()));
    }
  }

  private void end() {
    ended = true;
    link.forget(this);
    ready.forEach(
        chunk -> {
          link.holdings().chunks().addAndGet(-chunk.encodedLength());
          chunk.release();
        });
    ready.clear();
    if (publisher != null) {
      publisher.cancel();
    }
  }

  // ---- what the publisher says, brought to the event loop

  private void start(int chunk) {
    if (ended) {
      return;
    }
    started = true;
    nextGiven = chunk;
    nextSent = chunk;
    if (far == null) {
      credit += link.peer().initialCredit();
    }
    if (chunk == header.chunks()) {
      publisherDone = true;
      link.scheduler().ready(this);
      return;
    }
    try {
      chunksFrom.apply(chunk).subscribe(this);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void requestMore() {
    long want = Math.min(credit + (begun ? 1 : 0), link.options().senderChunks());
    int more = (int) Math.max(0, want - ready.size() - requested);
    if (more > 0 && publisher != null && !publisherDone) {
      requested += more;
      publisher.request(more);
    }
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    link.execute(
        () -> {
          if (ended || publisher != null) {
            subscription.cancel();
          } else {
            publisher = subscription;
            requestMore();
          }
        });
  }

  @Override
  public void onNext(EncodedChunk chunk) {
    if (!link.execute(() -> offer(chunk))) {
      chunk.release();
    }
  }

  private void offer(EncodedChunk chunk) {
    if (ended) {
      chunk.release();
      return;
    }
    TributaryException objection = objectionTo(chunk);
    if (objection != null) {
      chunk.release();
      fail(objection);
      return;
    }
    requested--;
    nextGiven++;
    ready.add(chunk);
    link.holdings().chunks().addAndGet(chunk.encodedLength());
    link.scheduler().ready(this);
  }

  private @Nullable TributaryException objectionTo(EncodedChunk chunk) {
    String reader = far == null ? link.peer().name() : far.name();
    List<CodecRange> decodes = far == null ? link.peer().decodes() : far.decodes();
    if (decodes.stream().noneMatch(r -> r.includes(chunk.codec(), chunk.codecVersion()))) {
      return new TributaryException(
          ErrorCode.UNKNOWN_CODEC,
          String.format(
              Locale.ROOT,
              "codec 0x%04x version %d is not among those that %s decodes: %s",
              chunk.codec(),
              chunk.codecVersion(),
              reader,
              decodes));
    }
    if (chunk.encodedLength() > link.options().limits().encodedLength()) {
      return new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "chunk "
              + nextGiven
              + ": expected at most "
              + link.options().limits().encodedLength()
              + " encoded bytes, found "
              + chunk.encodedLength());
    }
    if (nextGiven >= header.chunks() || requested == 0) {
      return new TributaryException(
          ErrorCode.INTERNAL,
          "publisher of a stream: expected "
              + header.chunks()
              + " chunks and none unasked, found chunk "
              + nextGiven
              + " with a demand of "
              + requested);
    }
    return null;
  }

  @Override
  public void onError(Throwable failure) {
    link.execute(() -> fail(failure));
  }

  @Override
  public void onComplete() {
    link.execute(
        () -> {
          if (ended) {
            return;
          }
          if (nextGiven != header.chunks()) {
            fail(
                new TributaryException(
                    ErrorCode.INTERNAL,
                    "publisher of a stream: expected "
                        + header.chunks()
                        + " chunks, found its end after "
                        + nextGiven));
            return;
          }
          publisherDone = true;
          link.scheduler().ready(this);
        });
  }
}
