package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.TurnFrameFlyweight;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Brings the frames that came over several connections back into the order of their sending.
 *
 * <p>One connection has the turn; its frames pass at once. Those of the others wait in the order in
 * which they came, counted in the link's {@link InboundShare}, until a TURN names their connection.
 *
 * <p>Why this can't get stuck: the sender writes a frame only to the connection that has the turn,
 * and TURN behind the last one before it. So the frame that is due is the first one not yet passed
 * of the connection that has the turn here, and of that connection nothing waits: whoever stops
 * reading connections by what waits of them never stops the one that is due.
 */
final class StripeMerge {
  /** What happens to frames in their order. */
  interface Sink {
    /** A frame is due; it is the sink's to release. */
    void frame(ByteBuf frame);

    /** So many bytes of a connection wait no longer. */
    void passed(int connection, int bytes);

    /** Nothing more comes over a connection, which has been taken out. */
    void ended(int connection);
  }

  private final InboundShare share;
  private final Sink sink;

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays have no type arguments
  private final @Nullable ArrayDeque<ByteBuf>[] waiting =
      new ArrayDeque[FrameFormat.MAX_CONNECTIONS];

  private int turn;
  private boolean passing;
  private boolean released;

  /** A merge that has connection 0 alone. */
  StripeMerge(InboundShare share, Sink sink) {
    this.share = share;
    this.sink = sink;
    waiting[0] = new ArrayDeque<>();
  }

  /** The connection whose frames are due. */
  int turn() {
    return turn;
  }

  /** From now on a TURN may name this connection, even before it has brought anything. */
  void add(int connection) {
    waiting[connection] = new ArrayDeque<>();
  }

  /** Takes out a connection over which nothing came. */
  void remove(int connection) {
    waiting[connection] = null;
  }

  /**
   * Takes a frame of a connection and releases it, or gives it to the sink, now or later.
   *
   * @throws TributaryException {@code MALFORMED} if a TURN makes no sense, {@code LIMIT_EXCEEDED}
   *     or {@code CONNECTION_LOST} if there is no room for what waits
   */
  void offer(int connection, ByteBuf frame) {
    ArrayDeque<ByteBuf> frames = waiting[connection];
    if (released || frames == null) {
      frame.release();
    } else if (connection != turn || passing || !frames.isEmpty()) {
      int bytes = frame.readableBytes();
      try {
        share.take(bytes);
      } catch (TributaryException e) {
        frame.release();
        throw e;
      }
      frames.add(frame);
    } else {
      pass(frame);
      passWaiting();
    }
  }

  private void passWaiting() {
    while (!released) {
      ByteBuf frame = of(turn).poll();
      if (frame == null) {
        return;
      }
      share.drop(frame.readableBytes());
      pass(frame);
    }
  }

  private void pass(ByteBuf frame) {
    int from = turn;
    int bytes = frame.readableBytes();
    passing = true;
    try {
      if (FrameHeaderFlyweight.typeNumber(frame) == FrameType.TURN.number()) {
        try {
          turn(TurnFrameFlyweight.connection(frame), TurnFrameFlyweight.last(frame));
        } finally {
          frame.release();
        }
      } else {
        sink.frame(frame);
      }
    } finally {
      passing = false;
    }
    sink.passed(from, bytes);
  }

  private void turn(int next, boolean last) {
    int from = turn;
    if (next == from || waiting[next] == null || (last && from == 0)) {
      throw new TributaryException(
          ErrorCode.MALFORMED,
          "TURN on connection "
              + from
              + ": expected another connection of this link, and no end of connection 0, found "
              + next
              + (last ? " and the end" : ""));
    }
    if (last && !of(from).isEmpty()) {
      throw new TributaryException(
          ErrorCode.MALFORMED,
          "expected nothing behind the last TURN of connection " + from + ", found a frame");
    }
    turn = next;
    if (last) {
      waiting[from] = null;
      sink.ended(from);
    }
  }

  private ArrayDeque<ByteBuf> of(int connection) {
    ArrayDeque<ByteBuf> frames = waiting[connection];
    if (frames == null) {
      throw new IllegalStateException("connection " + connection + " has the turn and isn't there");
    }
    return frames;
  }

  /** Drops all that waits, and all that is offered from now on. */
  void release() {
    released = true;
    for (ArrayDeque<ByteBuf> frames : waiting) {
      if (frames != null) {
        for (ByteBuf frame : frames) {
          share.drop(frame.readableBytes());
          frame.release();
        }
        frames.clear();
      }
    }
  }
}
