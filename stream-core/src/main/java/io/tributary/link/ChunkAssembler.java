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
 * <p>A payload stays in the memory that it was read into if it is a good part of that, and is else
 * copied, once, to room that grows with what arrives, each piece of it as long as all before. Room
 * isn't made for the announced length at once, so a peer makes this side hold at most {@value
 * #MOST_HELD} times what it really sent. What is held is taken from the link's share first, and
 * given back when the chunk is released.
 */
final class ChunkAssembler {
  private static final int FIRST_CAPACITY = 64 * 1024;

  /** The bytes of memory that a byte of payload may keep from being used again. */
  private static final int MOST_HELD = 2;

  private final ByteBufAllocator allocator;
  private final InboundShare share;
  private final Runnable whenReleased;
  private final ChunkOrder order;
  private final List<ByteBuf> pieces = new ArrayList<>();

  /** The bytes of the chunk that are in all pieces. */
  private int arrived;

  /** The bytes that were taken from the link's share. */
  private int held;

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
   * Takes a frame's payload; the frame stays the caller's.
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
    ByteBuf open = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
    int done = 0;
    if (open != null && open.isWritable()) {
      done = Math.min(length, open.writableBytes());
      open.writeBytes(frame, from, done);
      arrived += done;
    }
    if (done == length) {
      return;
    }
    int behind = memoryBehind(frame);
    if (behind <= MOST_HELD * (long) (length - done)) {
      keep(frame, from + done, length - done, behind);
    } else {
      copy(frame, from + done, length - done);
    }
  }

  private void keep(ByteBuf frame, int from, int length, int behind) {
    share.take(behind);
    held += behind;
    arrived += length;
    pieces.add(frame.retainedSlice(from, length));
  }

  private void copy(ByteBuf frame, int from, int length) {
    int capacity =
        Math.max(length, Math.min(Math.max(FIRST_CAPACITY, held), order.encodedLength() - arrived));
    share.take(capacity);
    held += capacity;
    arrived += length;
    pieces.add(allocator.buffer(capacity, capacity).writeBytes(frame, from, length));
  }

  /** The bytes that can't be used again as long as a slice of a buffer is held. */
  private static int memoryBehind(ByteBuf slice) {
    ByteBuf whole = slice;
    for (ByteBuf next = slice; next != null; next = next.unwrap()) {
      whole = next;
    }
    return whole.capacity();
  }

  /** All pieces as one buffer, the caller's to release. */
  private ByteBuf joined() {
    int taken = held;
    ByteBuf whole =
        new HeldPayload(
            allocator,
            pieces,
            () -> {
              share.drop(taken);
              whenReleased.run();
            });
    forget();
    return whole;
  }

  private void forget() {
    pieces.clear();
    arrived = 0;
    held = 0;
  }

  /** Gives back what has arrived of a chunk under way. */
  void release() {
    pieces.forEach(ByteBuf::release);
    share.drop(held);
    forget();
  }
}
