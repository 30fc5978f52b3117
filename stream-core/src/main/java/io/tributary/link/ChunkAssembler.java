package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tributary.error.TributaryException;
import io.tributary.frame.DataFrameFlyweight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the encoded chunks of one stream together from DATA frames that each passed the decoder.
 *
 * <p>Room grows with what arrives, each piece of it as long as all before, and isn't made for the
 * announced length at once: a peer makes this side hold at most twice what it really sent. Pieces
 * stay where they are, so each byte is copied once. Room is taken from the link's share before it
 * is allocated, and given back when the chunk is released.
 */
final class ChunkAssembler {
  private static final int FIRST_CAPACITY = 64 * 1024;

  private final ByteBufAllocator allocator;
  private final InboundShare share;
  private final Runnable whenReleased;
  private final ChunkOrder order;
  private final List<ByteBuf> pieces = new ArrayList<>();

  /** The bytes that there is room for in all pieces. */
  private int room;

  /**
   * An assembler that expects the frames of chunk {@code next} first.
   *
   * @param whenReleased called on any thread when a chunk's last owner has released it
   */
  ChunkAssembler(ByteBufAllocator allocator, InboundShare share, int next, Runnable whenReleased) {
    this.allocator = allocator;
    this.share = share;
    this.whenReleased = whenReleased;
    this.order = new ChunkOrder(next);
  }

  /** The index of the chunk that is under way or comes next. */
  int chunk() {
    return order.chunk();
  }

  /** Whether part of a chunk has arrived. */
  boolean underWay() {
    return order.underWay();
  }

  /**
   * Copies a frame's payload; the frame stays the caller's.
   *
   * @return the chunk, the caller's to release, if this frame was its last
   * @throws TributaryException {@code MALFORMED} if the frame doesn't continue what came before, or
   *     what {@link InboundShare#take} throws
   */
  @Nullable EncodedChunk add(ByteBuf frame) {
    boolean last = order.take(frame);
    append(frame, DataFrameFlyweight.payloadIndex(frame), DataFrameFlyweight.payloadLength(frame));
    if (!last) {
      return null;
    }
    return order.chunk(joined());
  }

  private void append(ByteBuf frame, int from, int length) {
    for (int done = 0; done < length; ) {
      ByteBuf into = lastPiece();
      int now = Math.min(length - done, into.writableBytes());
      into.writeBytes(frame, from + done, now);
      done += now;
    }
  }

  /** A piece with room for at least one byte. */
  private ByteBuf lastPiece() {
    ByteBuf last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
    if (last == null || !last.isWritable()) {
      int length = Math.min(Math.max(FIRST_CAPACITY, room), order.encodedLength() - room);
      share.take(length);
      room += length;
      last = allocator.buffer(length, length);
      pieces.add(last);
    }
    return last;
  }

  /** All pieces as one buffer, the caller's to release. */
  private ByteBuf joined() {
    int held = room;
    ByteBuf whole =
        new HeldPayload(
            allocator,
            pieces,
            () -> {
              share.drop(held);
              whenReleased.run();
            });
    forget();
    return whole;
  }

  private void forget() {
    pieces.clear();
    room = 0;
  }

  /** Gives back what has arrived of a chunk under way. */
  void release() {
    pieces.forEach(ByteBuf::release);
    share.drop(room);
    forget();
  }
}
