package io.tributary.coordinator;

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
  private final Map<Journal.Position, byte[]> byPosition = new LinkedHashMap<>();
  private long bytes;

  /** Room for so many bytes. */
  HeldChunks(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Holds a chunk's encoded bytes, which nobody changes from now on. */
  void hold(RunRecord.Chunk chunk, byte[] encoded) {
    if (encoded.length > mostBytes) {
      return;
    }
    Iterator<byte[]> oldest = byPosition.values().iterator();
    while (bytes + encoded.length > mostBytes) {
      bytes -= oldest.next().length;
      oldest.remove();
    }
    byPosition.put(chunk.payload(), encoded);
    bytes += encoded.length;
  }

  /** A chunk's encoded bytes, or null if they are no longer held. */
  byte @Nullable [] of(RunRecord.Chunk chunk) {
    return byPosition.get(chunk.payload());
  }

  /** Lets go of chunks that nobody will ask for again. */
  void forget(Iterable<RunRecord.Chunk> chunks) {
    for (RunRecord.Chunk chunk : chunks) {
      byte[] held = byPosition.remove(chunk.payload());
      if (held != null) {
        bytes -= held.length;
      }
    }
  }

  /** How many bytes are held. */
  long bytes() {
    return bytes;
  }
}
