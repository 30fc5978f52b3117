package io.tributary.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.frame.CreditFrameFlyweight;
import io.tributary.frame.DataFrameFlyweight;
import io.tributary.frame.ErrorFrameFlyweight;
import io.tributary.frame.FrameHeaderFlyweight;
import io.tributary.frame.FrameType;
import io.tributary.frame.HelloFrameFlyweight;
import io.tributary.frame.PingFrameFlyweight;
import io.tributary.frame.RandomFrames;
import io.tributary.netty.LeakCheckingAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which frame leaves next, on a channel that the test opens and closes at will. */
class FrameSchedulerTest {
  @RegisterExtension final LeakCheckingAllocator allocator = new LeakCheckingAllocator();

  private EmbeddedLink side;

  @BeforeEach
  void greet() {
    side = new EmbeddedLink(TestOptions.of("server", allocator));
    side.read(new RandomFrames(allocator, new Random(1), 1).hello().setIntLE(32, 0));
    assertThat(side.written()).containsExactly(FrameType.HELLO);
  }

  @AfterEach
  void finish() {
    writable(true);
    side.finish();
  }

  @Test
  void controlThenMessagesThenStreamsByPriorityTakingTurns() {
    // Ids 2, 4, 6 in this order; two chunks of two frames each.
    List<CompletableFuture<Void>> sent =
        List.of(send(StreamKind.SNAPSHOT), send(StreamKind.AGGREGATE), send(StreamKind.AGGREGATE));
    assertThat(names()).containsExactly("OPEN", "OPEN", "OPEN");
    writable(false);
    for (int id : new int[] {2, 4, 6}) {
      side.read(CreditFrameFlyweight.encode(allocator, id, 2));
    }
    side.link().message(1, new byte[20_000]);
    CompletableFuture<Duration> ping = side.link().ping().toFuture();
    side.read(PingFrameFlyweight.encodePing(allocator, 1));
    assertThat(names()).isEmpty();
    writable(true);
    assertThat(names())
        .containsExactly(
            "PING", "PONG", "MESSAGE", "MESSAGE", "DATA 4", "DATA 6", "DATA 4", "DATA 6", "DATA 4",
            "DATA 6", "DATA 4", "DATA 6", "CLOSE", "CLOSE", "DATA 2", "DATA 2", "DATA 2", "DATA 2",
            "CLOSE");
    assertThat(sent).noneMatch(CompletableFuture::isDone);
    assertThat(ping).isNotDone();
  }

  @Test
  void somethingUrgentCutsInBetweenTwoFramesOfAChunk() {
    var sent = send(StreamKind.SNAPSHOT);
    assertThat(names()).containsExactly("OPEN");
    writable(false);
    side.read(CreditFrameFlyweight.encode(allocator, 2, 1));
    writable(true);
    ByteBuf frame = side.next();
    assertThat(frame).isNotNull();
    assertThat(DataFrameFlyweight.ends(frame)).isFalse();
    frame.release();
    assertThat(names()).containsExactly("DATA 2");
    assertThat(sent).isNotDone();
  }

  @Test
  void aMessageQueueThatIsFullRefusesTheNextMessage() {
    writable(false);
    for (int i = 0; i < 4; i++) {
      side.link().message(1, new byte[4 << 20]);
    }
    assertThatThrownBy(() -> side.link().message(1, new byte[1]))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContaining("expected at most 16777216 bytes to wait");
    writable(true);
    assertThat(side.written()).hasSize(4 * 256);
    side.link().message(1, new byte[1]);
    assertThat(side.written()).containsExactly(FrameType.MESSAGE);
  }

  @Test
  void aPeerThatAsksAndNeverReadsIsCutOff() {
    writable(false);
    for (int i = 0; i <= 16_384; i++) {
      side.read(PingFrameFlyweight.encodePing(allocator, i));
    }
    assertThat(side.handler.disconnected)
        .singleElement()
        .matches(e -> Errors.codeOf(e) == ErrorCode.LIMIT_EXCEEDED);
    ByteBuf frame = side.next();
    assertThat(frame).isNotNull();
    assertThat(FrameHeaderFlyweight.type(frame)).isEqualTo(FrameType.ERROR);
    assertThat(ErrorFrameFlyweight.text(frame)).contains("asks faster than it reads");
    frame.release();
  }

  @Test
  void framesOfACappedLinkCarryTwentyMilliseconds() {
    assertThat(payloadAt(0)).isEqualTo(16_384);
    assertThat(payloadAt(250_000)).isEqualTo(5_000);
    assertThat(payloadAt(10_000)).isEqualTo(1_024);
    assertThat(payloadAt(1_000_000_000)).isEqualTo(16_384);
    assertThat(HelloFrameFlyweight.MAX_NAME_LENGTH).isEqualTo(64);
  }

  private int payloadAt(long bytesPerSecond) {
    return TestOptions.with("any", allocator, bytesPerSecond, 0).payloadOfRate();
  }

  private CompletableFuture<Void> send(StreamKind kind) {
    return LoopbackPair.send(
        side.link(), LoopbackPair.header(kind, 2), LoopbackPair.chunks(allocator, 2, 20_000));
  }

  private void writable(boolean is) {
    // A closed channel has no buffer.
    var buffer = side.channel.unsafe().outboundBuffer();
    if (buffer != null) {
      buffer.setUserDefinedWritability(1, is);
    }
    side.channel.runPendingTasks();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (ByteBuf frame = side.next(); frame != null; frame = side.next()) {
      FrameType type = FrameHeaderFlyweight.type(frame);
      names.add(type == FrameType.DATA ? "DATA " + DataFrameFlyweight.stream(frame) : type.name());
      frame.release();
    }
    return names;
  }
}
