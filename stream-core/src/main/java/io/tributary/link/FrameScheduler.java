package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which frame leaves next, and when.
 *
 * <p>Three lanes: control frames, then messages, then streams by priority. Streams of one priority
 * take turns frame by frame. A frame is only made when it may leave at once, so nothing urgent ever
 * queues behind bulk inside this process: what lies below this class is bounded by the channel's
 * water mark, and with a cap by one frame that the {@link RatePacer} has yet to earn. Waiting is a
 * timer of the event loop; nothing spins.
 */
final class FrameScheduler {
  /** Where streams make their frames when it is their turn. */
  interface FrameSource {
    /** 0 to 255; 0 goes first. Constant. */
    int priority();

    /** Whether {@link #writeFrame} would write one. */
    boolean hasFrame();

    /** Writes exactly one frame to {@code context} and returns its bytes. */
    int writeFrame(ChannelHandlerContext context, int maxPayload);
  }

  /**
   * The most control frames that wait. They answer the peer one by one, so more means a peer that
   * asks and never reads.
   */
  private static final int MAX_CONTROL_FRAMES = 16_384;

  /** After so many frames the event loop gets a chance to read. */
  private static final int FRAMES_A_TURN = 64;

  private final ChannelHandlerContext context;
  private final BooleanSupplier room;
  private final Consumer<Runnable> guard;
  private final RatePacer pacer;
  private final int maxPayload;
  private final ArrayDeque<ByteBuf> control = new ArrayDeque<>();
  private final ArrayDeque<OutboundMessage> messages = new ArrayDeque<>();
  private final TreeMap<Integer, ArrayDeque<FrameSource>> sources = new TreeMap<>();
  private @Nullable ScheduledFuture<?> wakeUp;
  private @Nullable Runnable whenDrained;
  private boolean pumping;
  private boolean released;
  private volatile long framesWritten;

  /**
   * A scheduler in front of a channel.
   *
   * @param room whether there is room for a frame
   * @param guard runs the scheduler's own tasks on the event loop and ends the link if one throws
   */
  FrameScheduler(
      ChannelHandlerContext context,
      LinkOptions options,
      BooleanSupplier room,
      Consumer<Runnable> guard) {
    this.context = context;
    this.room = room;
    this.guard = guard;
    this.pacer = new RatePacer(options.bytesPerSecond(), System.nanoTime());
    this.maxPayload = options.payloadOfRate();
  }

  /** Any thread. */
  long framesWritten() {
    return framesWritten;
  }

  /**
   * Queues a control frame, which is the scheduler's from now on.
   *
   * @throws TributaryException {@code LIMIT_EXCEEDED} if too many wait; the frame is released
   */
  void control(ByteBuf frame) {
    if (released) {
      frame.release();
      return;
    }
    if (control.size() >= MAX_CONTROL_FRAMES) {
      frame.release();
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "the peer asks faster than it reads: "
              + MAX_CONTROL_FRAMES
              + " control frames wait for it");
    }
    control.add(frame);
    pump();
  }

  /** Queues a message. */
  void message(OutboundMessage message) {
    if (released) {
      message.done();
      return;
    }
    messages.add(message);
    pump();
  }

  /** Notes that a source may have frames. It may be told so any number of times. */
  void ready(FrameSource source) {
    if (!released) {
      enqueue(source);
      pump();
    }
  }

  private void enqueue(FrameSource source) {
    if (source.hasFrame()) {
      ArrayDeque<FrameSource> peers =
          sources.computeIfAbsent(source.priority(), p -> new ArrayDeque<>());
      if (!peers.contains(source)) {
        peers.add(source);
      }
    }
  }

  /** Sends no more streams, and runs {@code then} once control frames and messages have left. */
  void drain(Runnable then) {
    sources.clear();
    whenDrained = then;
    pump();
  }

  /** Drops everything that waits. */
  void release() {
    released = true;
    control.forEach(ByteBuf::release);
    control.clear();
    messages.forEach(OutboundMessage::done);
    messages.clear();
    sources.clear();
    if (wakeUp != null) {
      wakeUp.cancel(false);
      wakeUp = null;
    }
  }

  /** Writes what may leave now. Called whenever something was queued or the channel has room. */
  void pump() {
    if (pumping || released) {
      return;
    }
    pumping = true;
    boolean wrote = false;
    try {
      int turn = FRAMES_A_TURN;
      while (hasWork()) {
        if (!room.getAsBoolean()) {
          // A flush may make room at once; otherwise the channel calls when it has some.
          if (!wrote) {
            break;
          }
          context.flush();
          wrote = false;
          continue;
        }
        long wait = pacer.waitNanos(System.nanoTime());
        if (wait > 0) {
          wakeAfter(wait);
          break;
        }
        if (turn-- == 0) {
          context.executor().execute(() -> guard.accept(this::pump));
          break;
        }
        int bytes = writeNext();
        if (bytes > 0) {
          pacer.spent(bytes);
          countFrame();
          wrote = true;
        }
      }
    } finally {
      pumping = false;
      if (wrote) {
        context.flush();
      }
    }
    Runnable then = whenDrained;
    if (then != null && !hasWork()) {
      whenDrained = null;
      then.run();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void countFrame() {
    framesWritten++;
  }

  private boolean hasWork() {
    return !control.isEmpty() || !messages.isEmpty() || !sources.isEmpty();
  }

  private void wakeAfter(long nanos) {
    if (wakeUp == null) {
      wakeUp =
          context
              .executor()
              .schedule(
                  () -> {
                    wakeUp = null;
                    guard.accept(this::pump);
                  },
                  nanos,
                  TimeUnit.NANOSECONDS);
    }
  }

  /** Writes a whole buffer, which is the channel's from now on, and returns its bytes. */
  static int write(ChannelHandlerContext context, ByteBuf bytes) {
    int length = bytes.readableBytes();
    // A write that fails comes back as an exception of the channel, which ends the link.
    var unused = context.write(bytes, context.voidPromise());
    return length;
  }

  private int writeNext() {
    ByteBuf frame = control.poll();
    if (frame != null) {
      return write(context, frame);
    }
    OutboundMessage message = messages.peek();
    if (message != null) {
      ByteBuf piece = message.nextFrame(context.alloc(), maxPayload);
      if (message.isWritten()) {
        messages.remove();
        message.done();
      }
      return write(context, piece);
    }
    Map.Entry<Integer, ArrayDeque<FrameSource>> urgent = sources.firstEntry();
    FrameSource source = urgent.getValue().remove();
    if (urgent.getValue().isEmpty()) {
      sources.remove(urgent.getKey());
    }
    int bytes = 0;
    if (source.hasFrame()) {
      bytes = source.writeFrame(context, maxPayload);
      enqueue(source);
    }
    return bytes;
  }
}
