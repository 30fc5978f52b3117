package io.tributary.coordinator;

import io.netty.buffer.ByteBuf;
import io.tributary.coordinator.journal.Journal;
import io.tributary.coordinator.journal.RunRecord;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The encoded bytes of chunks that were journalled last, as far as there is room: what was written
 * a moment ago needn't be read and checked again. The journal has all of them; the oldest go when
 * there are too many.
 *
 * <p>Confined to the run's thread.
 */
final class HeldChunks {
  private final long mostBytes;
  private final Map<Journal.Position, ByteBuf> byPosition = new LinkedHashMap<>();
  private long bytes;

  /** Room for so many bytes. */
  HeldChunks(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Holds on to a chunk's encoded bytes, which nobody changes from now on, if there is room. */
  void hold(RunRecord.Chunk chunk, ByteBuf encoded) {
    int length = encoded.readableBytes();
    if (length > mostBytes) {
      return;
    }
    Iterator<ByteBuf> oldest = byPosition.values().iterator();
    while (bytes + length > mostBytes) {
      drop(oldest.next());
      oldest.remove();
    }
    byPosition.put(chunk.payload(), encoded.retain());
    bytes += length;
  }

  private void drop(ByteBuf encoded) {
    bytes -= encoded.readableBytes();
    encoded.release();
  }

  /** A chunk's encoded bytes, which stay this object's, or null if they are no longer held. */
  @Nullable ByteBuf of(RunRecord.Chunk chunk) {
    return byPosition.get(chunk.payload());
  }

  /** Lets go of chunks that nobody will ask for again. */
  void forget(Iterable<RunRecord.Chunk> chunks) {
    for (RunRecord.Chunk chunk : chunks) {
      ByteBuf held = byPosition.remove(chunk.payload());
      if (held != null) {
        drop(held);
      }
    }
  }

  /** Lets go of all chunks. */
  void clear() {
    byPosition.values().forEach(this::drop);
    byPosition.clear();
  }

  /** How many bytes are held. */
  long bytes() {
    return bytes;
  }
}
