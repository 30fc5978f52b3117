package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.coordinator.journal.Journal;
import io.tributary.coordinator.journal.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HeldChunksTest {
  private static RunRecord.Chunk chunk(int offset) {
    var position = new Journal.Position(1, offset, 10);
    return new RunRecord.Chunk(0, 0, 1, offset, 0, 0, 1, 1, 1, position);
  }

  private final List<ByteBuf> made = new ArrayList<>();

  private ByteBuf bytes(int length) {
    ByteBuf bytes = PooledByteBufAllocator.DEFAULT.heapBuffer(length).writeZero(length);
    made.add(bytes);
    return bytes;
  }

  private static int readable(HeldChunks held, RunRecord.Chunk chunk) {
    return Objects.requireNonNull(held.of(chunk)).readableBytes();
  }

  /** Those who brought them release theirs; what is held goes with {@code clear}. */
  private void end(HeldChunks held) {
    made.forEach(ByteBuf::release);
    held.clear();
    assertThat(held.bytes()).isZero();
    assertThat(made).allMatch(bytes -> bytes.refCnt() == 0);
  }

  @Test
  void theOldestGoWhenThereAreTooMany() {
    var held = new HeldChunks(10);
    held.hold(chunk(1), bytes(4));
    held.hold(chunk(2), bytes(5));
    assertThat(readable(held, chunk(1))).isEqualTo(4);
    held.hold(chunk(3), bytes(6));
    assertThat(held.of(chunk(1))).isNull();
    assertThat(held.of(chunk(2))).isNull();
    assertThat(readable(held, chunk(3))).isEqualTo(6);
    assertThat(held.bytes()).isEqualTo(6);
    end(held);
  }

  @Test
  void whatIsTooLargeIsNotHeldAndNothingGoesForIt() {
    var held = new HeldChunks(10);
    held.hold(chunk(1), bytes(4));
    held.hold(chunk(2), bytes(11));
    assertThat(readable(held, chunk(1))).isEqualTo(4);
    assertThat(held.of(chunk(2))).isNull();
    var none = new HeldChunks(0);
    none.hold(chunk(1), bytes(1));
    assertThat(none.of(chunk(1))).isNull();
    end(held);
  }

  @Test
  void whatIsForgottenMakesRoom() {
    var held = new HeldChunks(10);
    held.hold(chunk(1), bytes(4));
    held.hold(chunk(2), bytes(5));
    held.forget(List.of(chunk(1), chunk(7)));
    assertThat(held.of(chunk(1))).isNull();
    assertThat(held.bytes()).isEqualTo(5);
    held.hold(chunk(3), bytes(5));
    assertThat(readable(held, chunk(2))).isEqualTo(5);
    end(held);
  }
}
