package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.HelloFrameFlyweight;
import io.tributary.frame.MessageFrameFlyweight;
import io.tributary.frame.OpenFrameFlyweight;
import io.tributary.frame.PingFrameFlyweight;
import io.tributary.netty.LeakCheckingAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers that use every credit they have: what they make this side hold has one bound. */
class InboundBoundTest {
  /** What a frame is that stays where it was read. */
  private static final int FRAME = 64 << 10;

  private static final int PIECE = FRAME - DataFrameFlyweight.HEADER_LENGTH;
  private static final int CHUNK = 8 << 20;
  private static final int STREAMS = 64;

  /** Beside what is counted: frames being read and written. */
  private static final int SLACK = 1 << 20;

  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private final byte[] zeros = new byte[CHUNK];

  @Test
  void aPeerThatOpensAllStreamsHoldsNoMoreThanItsShare() {
    var gauge = new InboundGauge(64 << 20, 4 << 20);
    EmbeddedLink side = side(gauge);
    for (int i = 0; i < STREAMS; i++) {
      open(side, 1 + 2 * i, 4);
    }
    // Everywhere the beginning of the largest chunk, and then ever more of it.
    for (int offset = 0; offset < 2 << 20; offset += PIECE) {
      for (int i = 0; i < STREAMS; i++) {
        data(side, 1 + 2 * i, 0, CHUNK, offset);
        assertThat(gauge.held()).isLessThanOrEqualTo(4 << 20);
      }
    }
    assertThat(allocator.peakBytes()).isLessThan((4 << 20) + SLACK);
    assertThat(errors(side)).isNotEmpty().containsOnly(ErrorCode.LIMIT_EXCEEDED.number());
    assertThat(side.channel.isActive()).as("the link goes on").isTrue();
    side.read(PingFrameFlyweight.encodePing(allocator, 7));
    assertThat(side.written()).contains(FrameType.PONG);
    side.finish();
    assertThat(gauge.held()).isZero();
  }

  @Test
  void wholeChunksCountUntilTheirConsumerReleasesThem() {
    var gauge = new InboundGauge(64 << 20, 1 << 20);
    EmbeddedLink side = side(gauge);
    open(side, 1, 4);
    InboundStream stream = side.handler.streams.remove();
    var kept = new ArrayList<EncodedChunk>();
    stream.chunks().subscribe(kept::add, failure -> {});
    data(side, 1, 0, PIECE, 0);
    data(side, 1, 1, PIECE, 0);
    assertThat(kept).hasSize(2);
    assertThat(gauge.held()).isEqualTo(2 * FRAME);
    EncodedChunk second = kept.get(0).retained();
    kept.get(0).release();
    assertThat(gauge.held()).as("another owner").isEqualTo(2 * FRAME);
    second.release();
    side.finish();
    assertThat(gauge.held()).as("beyond the end of the link").isEqualTo(FRAME);
    kept.get(1).release();
    assertThat(gauge.held()).isZero();
    assertThat(gauge.peak()).isEqualTo(2 * FRAME);
  }

  @Test
  void allPeersTogetherHoldNoMoreThanTheProcessMay() {
    var gauge = new InboundGauge(1 << 20, 512 << 10);
    var sides = new ArrayList<EmbeddedLink>();
    for (int i = 0; i < 4; i++) {
      sides.add(side(gauge));
      open(sides.get(i), 1, 1);
      for (int offset = 0; offset < 4 * PIECE; offset += PIECE) {
        data(sides.get(i), 1, 0, CHUNK, offset);
      }
    }
    assertThat(gauge.held()).isEqualTo(1 << 20);
    EmbeddedLink last = side(gauge);
    open(last, 1, 1);
    data(last, 1, 0, CHUNK, 0);
    assertThat(gauge.held()).isEqualTo(1 << 20);
    assertThat(Errors.codeOf(last.handler.disconnected.remove()))
        .as("it may come back")
        .isEqualTo(ErrorCode.CONNECTION_LOST);
    sides.forEach(side -> assertThat(side.channel.isActive()).isTrue());
    sides.get(0).finish();
    EmbeddedLink again = side(gauge);
    open(again, 1, 1);
    data(again, 1, 0, PIECE, 0);
    assertThat(again.handler.disconnected).isEmpty();
    again.finish();
    last.finish();
    sides.subList(1, 4).forEach(EmbeddedLink::finish);
    assertThat(gauge.held()).isZero();
  }

  @Test
  void aMessageCountsWhileItIsUnderWay() {
    var gauge = new InboundGauge(1 << 20, 128 << 10);
    EmbeddedLink side = side(gauge);
    for (int offset = 0; offset < 256 << 10 && side.channel.isActive(); offset += PIECE) {
      side.read(MessageFrameFlyweight.encode(allocator, 1, new byte[1 << 20], offset, PIECE));
      assertThat(gauge.held()).isLessThanOrEqualTo(128 << 10);
    }
    assertThat(Errors.codeOf(side.handler.disconnected.remove()))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    side.finish();
    assertThat(gauge.held()).isZero();
  }

  /** Where others fill more than half of the share, demand becomes credit a chunk at a time. */
  @Test
  void aStreamGoesOnWhileOthersFillTheShare() {
    var gauge = new InboundGauge(64 << 20, 4 * FRAME);
    EmbeddedLink side = side(gauge, 3);
    open(side, 1, 3);
    for (int chunk = 0; chunk < 3; chunk++) {
      data(side, 1, chunk, PIECE, 0);
    }
    side.handler.streams.remove();
    open(side, 3, 9);
    InboundStream stream = side.handler.streams.remove();
    var taken = new ArrayDeque<EncodedChunk>();
    stream.chunks().subscribe(taken::add, failure -> {});
    assertThat(side.written()).doesNotContain(FrameType.CREDIT);
    for (int chunk = 0; chunk < 9; chunk++) {
      data(side, 3, chunk, PIECE, 0);
      assertThat(side.written()).as("with chunk %s", chunk).doesNotContain(FrameType.CREDIT);
      taken.remove().release();
      // The initial credit of three first, and then one for each chunk released.
      boolean more = chunk >= 2 && chunk < 8;
      assertThat(side.written().contains(FrameType.CREDIT)).as("after %s", chunk).isEqualTo(more);
    }
    side.finish();
    assertThat(gauge.held()).isZero();
  }

  private EmbeddedLink side(InboundGauge gauge) {
    return side(gauge, 2);
  }

  private EmbeddedLink side(InboundGauge gauge, int credit) {
    var side = new EmbeddedLink(TestOptions.with("bounded", allocator, 0, credit, gauge));
    byte[] name = "greedy".getBytes(StandardCharsets.US_ASCII);
    ByteBuf hello = HelloFrameFlyweight.encode(allocator, 1, 1, new UUID(1, 1), 0, 1, name);
    HelloFrameFlyweight.putCodec(hello, 0, 1, 1, 1);
    side.read(hello);
    side.written();
    return side;
  }

  private void open(EmbeddedLink side, int stream, int chunks) {
    side.read(
        OpenFrameFlyweight.encode(
            allocator, false, stream, StreamKind.CONTRIBUTION.number(), 64, 0, 1, 0, chunks, 0));
  }

  private void data(EmbeddedLink side, int stream, int chunk, int encodedLength, int offset) {
    ByteBuf encoded = Unpooled.wrappedBuffer(zeros, 0, encodedLength);
    int length = Math.min(PIECE, encodedLength - offset);
    ByteBuf header =
        DataFrameFlyweight.encodeHeader(
            allocator, stream, chunk, 1, 1, 0, chunk, 1, encoded, offset, length);
    ByteBuf frame = allocator.buffer(header.readableBytes() + length);
    side.read(frame.writeBytes(header).writeBytes(encoded, offset, length));
    header.release();
  }

  /** The codes of all ERROR frames that were written. */
  private static List<Integer> errors(EmbeddedLink side) {
    var codes = new ArrayList<Integer>();
    for (ByteBuf frame = side.next(); frame != null; frame = side.next()) {
      if (FrameHeaderFlyweight.type(frame) == FrameType.ERROR) {
        codes.add(ErrorFrameFlyweight.code(frame));
      }
      frame.release();
    }
    return codes;
  }
}
