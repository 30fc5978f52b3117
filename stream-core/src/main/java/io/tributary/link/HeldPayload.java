package io.tributary.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.List;

/** The pieces of a chunk as one buffer, which says when the last of its owners has released it. */
final class HeldPayload extends CompositeByteBuf {
  private final Runnable whenReleased;

  /** A buffer that takes the pieces over, and {@code whenReleased}, on any thread. */
  HeldPayload(ByteBufAllocator allocator, List<ByteBuf> pieces, Runnable whenReleased) {
    super(allocator, true, Math.max(1, pieces.size()));
    this.whenReleased = whenReleased;
    addComponents(true, pieces);
  }

  @Override
  protected void deallocate() {
    super.deallocate();
    whenReleased.run();
  }
}
