package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.CancelFrameFlyweight;
import io.tributary.frame.CloseFrameFlyweight;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.OpenFrameFlyweight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The receiver's side of a stream that is passed on between two agents: frames as they came, with
 * the stream's number on this link, wait here for their turn. A frame that is longer than this
 * link's cap wants is cut.
 *
 * <p>All state lives on the event loop of the receiver's link; what the {@link RelayInlet} says is
 * brought there. Frames are taken over together: those that one read of the sender's socket gave
 * leave in one write.
 */
final class RelayOutlet implements OutboundEnd {
  private final ChannelLink link;
  private final StreamHeader header;
  private final FarPeer sender;
  private final RelayInlet inlet;
  private final RelayGauge gauge;
  private final ArrayDeque<ByteBuf> frames = new ArrayDeque<>();

  /** Frames that are still to be taken over, and whether a task to do so is on its way. */
  private final Queue<ByteBuf> handedOver = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean taking = new AtomicBoolean();

  /** 0 until OPEN is written. */
  private int id;

  /** The payload bytes of the first frame that have been written. */
  private int written;

  private boolean allCame;
  private boolean closed;
  private boolean ended;

  RelayOutlet(
      ChannelLink link, StreamHeader header, FarPeer sender, RelayInlet inlet, RelayGauge gauge) {
    this.link = link;
    this.header = header;
    this.sender = sender;
    this.inlet = inlet;
    this.gauge = gauge;
  }

  @Override
  public int id() {
    return id;
  }

  // ---- what the scheduler asks

  @Override
  public int priority() {
    return header.kind().priority();
  }

  @Override
  public boolean hasFrame() {
    return !ended && (id == 0 || !frames.isEmpty() || (allCame && !closed));
  }

  @Override
  public int writeFrame(ChannelHandlerContext context, int maxPayload) {
    if (id == 0) {
      return writeOpen(context);
    }
    ByteBuf frame = frames.peek();
    if (frame != null) {
      return writeData(context, frame, maxPayload);
    }
    closed = true;
    return FrameScheduler.write(
        context, CloseFrameFlyweight.encode(context.alloc(), id, header.chunks()));
  }

  private int writeOpen(ChannelHandlerContext context) {
    id = link.nextId(this);
    return FrameScheduler.write(
        context,
        OpenFrameFlyweight.encodeFar(
            context.alloc(),
            id,
            header.kind().number(),
            header.kind().priority(),
            header.fragment(),
            header.version(),
            header.participant(),
            header.chunks(),
            header.tokens(),
            sender.name().getBytes(StandardCharsets.UTF_8),
            sender.decodes()));
  }

  private int writeData(ChannelHandlerContext context, ByteBuf frame, int maxPayload) {
    int payload = DataFrameFlyweight.payloadLength(frame);
    int length = Math.min(maxPayload, payload - written);
    ByteBuf head =
        DataFrameFlyweight.encodeHeaderOfPart(context.alloc(), frame, id, written, length);
    int bytes = FrameScheduler.write(context, head);
    if (length > 0) {
      int from = DataFrameFlyweight.payloadIndex(frame) + written;
      bytes += FrameScheduler.write(context, frame.retainedSlice(from, length));
    }
    written += length;
    if (written == payload) {
      written = 0;
      frames.remove();
      boolean last = DataFrameFlyweight.ends(frame);
      gauge.pass(frame.readableBytes());
      frame.release();
      if (last) {
        inlet.chunkPassed();
      }
    }
    return bytes;
  }

  // ---- what the far agent says

  @Override
  public void onCredit(int chunks) {
    inlet.grant(chunks);
  }

  @Override
  public void onAck(int chunks, boolean whole) {
    if (whole) {
      end();
    }
    inlet.acknowledged(chunks, whole);
  }

  @Override
  public void onResume(int chunk) {
    end();
    tellPeer(ErrorCode.PROTOCOL_VIOLATION);
    inlet.refused(
        ErrorCode.PROTOCOL_VIOLATION, link.peer().name() + " resumes a stream that isn't repeated");
  }

  @Override
  public void onFailure(TributaryException failure) {
    if (ended) {
      return;
    }
    end();
    if (failure.code() == ErrorCode.CONNECTION_LOST) {
      inlet.refused(ErrorCode.PEER_ABSENT, link.peer().name() + " has left");
    } else {
      inlet.refused(failure.code(), String.valueOf(failure.getMessage()));
    }
  }

  // ---- what the inlet says, from another event loop

  /**
   * Opens the stream; what the far agent takes in advance is its first grant. False if there is no
   * such link any more.
   */
  boolean open() {
    return link.execute(
        () -> {
          if (!link.addOutbound(this)) {
            ended = true;
            inlet.refused(ErrorCode.PEER_ABSENT, link.peer().name() + " has left");
            return;
          }
          if (link.peer().initialCredit() > 0) {
            inlet.grant(link.peer().initialCredit());
          }
          link.scheduler().ready(this);
        });
  }

  /** Takes a frame, which is the outlet's from now on. */
  void pass(ByteBuf frame) {
    handedOver.add(frame);
    if (!taking.getAndSet(true) && !link.executeLater(this::take)) {
      dropAll(handedOver);
    }
  }

  private void take() {
    taking.set(false);
    if (ended) {
      dropAll(handedOver);
      return;
    }
    for (ByteBuf frame = handedOver.poll(); frame != null; frame = handedOver.poll()) {
      frames.add(frame);
    }
    link.scheduler().ready(this);
  }

  /** All frames have come. */
  void close() {
    link.execute(
        () -> {
          allCame = true;
          take();
        });
  }

  /** The sender has given the stream up, or is no more. */
  void abandon(ErrorCode reason) {
    link.execute(
        () -> {
          if (!ended) {
            end();
            tellPeer(reason);
          }
        });
  }

  private void tellPeer(ErrorCode reason) {
    if (id != 0) {
      link.scheduler().control(CancelFrameFlyweight.encode(link.allocator(), id, reason.number()));
    }
  }

  private void end() {
    ended = true;
    link.forget(this);
    dropAll(frames);
    dropAll(handedOver);
  }

  private void dropAll(Queue<ByteBuf> unwanted) {
    for (ByteBuf frame = unwanted.poll(); frame != null; frame = unwanted.poll()) {
      gauge.drop(frame.readableBytes());
      frame.release();
    }
  }
}
