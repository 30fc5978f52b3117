package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.coordinator.journal.Journal;
import io.tributary.coordinator.journal.RunRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldChunksTest {
  private static RunRecord.Chunk chunk(int offset) {
    var position = new Journal.Position(1, offset, 10);
    return new RunRecord.Chunk(0, 0, 1, offset, 0, 0, 1, 1, 1, position);
  }

  @Test
  void theOldestGoWhenThereAreTooMany() {
    var held = new HeldChunks(10);
    held.hold(chunk(1), new byte[4]);
    held.hold(chunk(2), new byte[5]);
    assertThat(held.of(chunk(1))).hasSize(4);
    held.hold(chunk(3), new byte[6]);
    assertThat(held.of(chunk(1))).isNull();
    assertThat(held.of(chunk(2))).isNull();
    assertThat(held.of(chunk(3))).hasSize(6);
    assertThat(held.bytes()).isEqualTo(6);
  }

  @Test
  void whatIsTooLargeIsNotHeldAndNothingGoesForIt() {
    var held = new HeldChunks(10);
    held.hold(chunk(1), new byte[4]);
    held.hold(chunk(2), new byte[11]);
    assertThat(held.of(chunk(1))).hasSize(4);
    assertThat(held.of(chunk(2))).isNull();
    var none = new HeldChunks(0);
    none.hold(chunk(1), new byte[1]);
    assertThat(none.of(chunk(1))).isNull();
  }

  @Test
  void whatIsForgottenMakesRoom() {
    var held = new HeldChunks(10);
    held.hold(chunk(1), new byte[4]);
    held.hold(chunk(2), new byte[5]);
    held.forget(List.of(chunk(1), chunk(7)));
    assertThat(held.of(chunk(1))).isNull();
    assertThat(held.bytes()).isEqualTo(5);
    held.hold(chunk(3), new byte[5]);
    assertThat(held.of(chunk(2))).hasSize(5);
  }
}
