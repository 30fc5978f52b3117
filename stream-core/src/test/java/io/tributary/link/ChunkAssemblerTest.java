package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.netty.LeakCheckingAllocator;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What of a chunk stays where it was read, what is copied, and what either counts. */
class ChunkAssemblerTest {
  private static final int CHUNK = 200_000;

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final InboundGauge gauge = new InboundGauge(64 << 20, 4 << 20);
  private final ChunkAssembler assembler =
      new ChunkAssembler(allocator, new InboundShare(gauge), 0, () -> {});
  private final byte[] bytes = new byte[CHUNK];

  ChunkAssemblerTest() {
    new Random(1).nextBytes(bytes);
  }

  @Test
  void aPayloadStaysInAFrameOfItsOwn() {
    ByteBuf frame = frame(0, 60_000);
    assertThat(assembler.add(frame)).isNull();
    assertThat(frame.refCnt()).as("the caller's and the chunk's").isEqualTo(2);
    assertThat(gauge.held()).isEqualTo(frame.capacity());
    frame.release();
    assembler.release();
    assertThat(gauge.held()).isZero();
  }

  @Test
  void aPayloadThatIsLittleOfWhatWasReadIsCopied() {
    ByteBuf read = allocator.buffer(256 << 10, 256 << 10);
    ByteBuf alone = frame(0, 60_000);
    ByteBuf frame = read.writeBytes(alone).readRetainedSlice(read.readableBytes());
    alone.release();
    assertThat(assembler.add(frame)).isNull();
    frame.release();
    assertThat(read.release()).as("nobody else holds the read").isTrue();
    assertThat(gauge.held()).as("room that the copy grows into").isEqualTo(64 << 10);
    assembler.release();
    assertThat(gauge.held()).isZero();
  }

  @Test
  void framesOfAllLengthsMakeTheChunkAndCountAtMostTwice() {
    var random = new Random(2);
    for (int round = 0; round < 200; round++) {
      EncodedChunk chunk = null;
      for (int at = 0; at < CHUNK; ) {
        int length = Math.min(CHUNK - at, 1 + random.nextInt(random.nextBoolean() ? 65_536 : 300));
        ByteBuf frame = frame(at, length, round);
        chunk = assembler.add(frame);
        frame.release();
        at += length;
        assertThat(gauge.held()).isLessThanOrEqualTo(2L * at + (64 << 10));
      }
      ByteBuf payload = Objects.requireNonNull(chunk, "seed 2").payload();
      assertThat(ByteBufUtil.getBytes(payload)).isEqualTo(bytes);
      payload.release();
      assertThat(gauge.held()).isZero();
    }
  }

  private ByteBuf frame(int at, int length) {
    return frame(at, length, 0);
  }

  private ByteBuf frame(int at, int length, int chunk) {
    ByteBuf header =
        DataFrameFlyweight.encodeHeader(
            allocator, 1, chunk, 2, 1, 0, 0, 1000, Unpooled.wrappedBuffer(bytes), at, length);
    ByteBuf frame = allocator.buffer(header.readableBytes() + length);
    frame.writeBytes(header).writeBytes(bytes, at, length);
    header.release();
    return frame;
  }
}
