package io.tributary.agent.split;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.EncodedChunk;
import java.nio.ByteBuffer;

/** Hostile pieces of a message between the ends of a cut. */
class SplitPartsFuzzTest {
  private static final int MOST_BYTES = 300;

  /**
   * Pieces, each behind a head: its part, its first byte, how many it says it has, how many it has.
   */
  @FuzzTest(maxDuration = "5m")
  void collect(byte[] input) {
    var collector = new SplitParts.Collector(MOST_BYTES);
    ByteBuffer left = ByteBuffer.wrap(input);
    try {
      while (left.remaining() >= 4) {
        int part = left.get() & 7;
        int first = left.get() & 0xFF;
        int said = Math.max(1, left.get() & 0xFF); // frames with none don't come this far
        int length = Math.min(left.get() & 0xFF, left.remaining());
        var bytes = new byte[length];
        left.get(bytes);
        collector.add(new EncodedChunk(part, first, said, 1, 1, Unpooled.wrappedBuffer(bytes)));
      }
    } catch (TributaryException e) {
      assertThat(e.code()).isIn(ErrorCode.PROTOCOL_VIOLATION, ErrorCode.LIMIT_EXCEEDED);
    }
    int held = 0;
    for (SplitParts.Part part : SplitParts.Part.values()) {
      byte[] bytes = collector.whole().get(part);
      held += bytes == null ? 0 : bytes.length;
    }
    assertThat(held).isLessThanOrEqualTo(MOST_BYTES);
  }
}
