package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.tributary.frame.FrameFormat;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.TurnFrameFlyweight;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Deals the frames that leave a link to its connections: a run of frames to one of them, then TURN,
 * and the next run to the one with the most room. With one connection everything passes as it is.
 *
 * <p>A frame may be written in several pieces, one after the other; the first one holds its length.
 */
final class StripeDealer {
  /** After so many bytes it is another connection's turn: what waits for it stays short. */
  private static final int RUN_BYTES = 128 * 1024;

  private final ChannelHandlerContext first;
  private final @Nullable Channel[] others = new Channel[FrameFormat.MAX_CONNECTIONS];
  private int count;
  private int turn;

  /** Bytes of the frame under way that haven't been written. */
  private long frameLeft;

  private long run;

  /** A bit for each connection that was written to and not flushed. */
  private long unflushed;

  /** A dealer for a link whose first connection is this one. */
  StripeDealer(ChannelHandlerContext first) {
    this.first = first;
  }

  /** Whether a connection has room for a frame. */
  boolean isWritable() {
    if (first.channel().isWritable()) {
      return true;
    }
    if (count > 0) {
      for (Channel other : others) {
        if (other != null && other.isWritable()) {
          return true;
        }
      }
    }
    return false;
  }

  /** From now on a connection gets its part. */
  void add(int number, Channel channel) {
    others[number] = channel;
    count++;
  }

  /** Writes a frame or a piece of it, which is the channel's from now on. */
  void write(ByteBuf bytes, ChannelPromise promise) {
    int length = bytes.readableBytes();
    if (frameLeft == 0 && length > 0) {
      if (count > 0) {
        choose();
      }
      frameLeft = FrameHeaderFlyweight.length(bytes);
    }
    frameLeft -= length;
    run += length;
    if (turn == 0) {
      var unused = first.write(bytes, promise);
    } else {
      writeTo(turn, bytes);
      promise.trySuccess();
    }
  }

  private void choose() {
    long most = room(turn);
    if (most > 0 && run < RUN_BYTES) {
      return;
    }
    int best = turn;
    // Begins behind the one that had its turn, so that those with equal room take turns.
    for (int i = 1; i < others.length; i++) {
      int next = (turn + i) % others.length;
      long room = room(next);
      if (room > most || (best == turn && room > 0 && room >= most)) {
        best = next;
        most = room;
      }
    }
    run = 0;
    if (best != turn) {
      turnTo(best, false);
    }
  }

  /** The bytes that a connection takes until it is full; 0 if it isn't there. */
  private long room(int number) {
    Channel channel = number == 0 ? first.channel() : others[number];
    return channel == null ? 0 : channel.bytesBeforeUnwritable();
  }

  private void turnTo(int next, boolean last) {
    ByteBuf frame = TurnFrameFlyweight.encode(first.alloc(), next, last);
    int from = turn;
    // Before the write, which may fail at once and so end the link, or call for more frames.
    turn = next;
    run = 0;
    if (from == 0) {
      var unused = first.write(frame, first.voidPromise());
    } else {
      writeTo(from, frame);
    }
  }

  private void writeTo(int number, ByteBuf bytes) {
    Channel channel = others[number];
    if (channel == null) {
      bytes.release();
      throw new IllegalStateException("connection " + number + " has the turn and isn't there");
    }
    unflushed |= 1L << number;
    if (!channel.isActive()) {
      // It has been lost; the link will hear of it and end.
      bytes.release();
      return;
    }
    // A write that fails comes back as the end of that connection, which ends the link.
    var unused = channel.write(bytes, channel.voidPromise());
  }

  /** Lets all that was written leave. */
  void flush() {
    first.flush();
    while (unflushed != 0) {
      int number = Long.numberOfTrailingZeros(unflushed);
      unflushed &= unflushed - 1;
      Channel channel = others[number];
      if (channel != null) {
        var unused = channel.flush();
      }
    }
  }

  /**
   * Says on a connection that nothing more comes over it, and deals it nothing more. The future
   * completes when the word has left.
   */
  ChannelFuture end(int number) {
    Channel channel = others[number];
    if (channel == null) {
      throw new IllegalStateException("connection " + number + " isn't there");
    }
    if (turn != number) {
      turnTo(number, false);
    }
    ByteBuf last = TurnFrameFlyweight.encode(first.alloc(), 0, true);
    turn = 0;
    run = 0;
    ChannelFuture written = channel.writeAndFlush(last);
    unflushed &= ~(1L << number);
    others[number] = null;
    count--;
    flush();
    return written;
  }

  /** From now on all leaves over the first connection. */
  void goHome() {
    if (turn != 0) {
      turnTo(0, false);
      flush();
    }
    Arrays.fill(others, null);
    count = 0;
  }
}
