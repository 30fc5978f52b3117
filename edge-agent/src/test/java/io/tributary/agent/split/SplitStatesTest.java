package io.tributary.agent.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitStatesTest {
  private static final SplitTerms TERMS = terms(7);

  @TempDir private Path folder;

  private static SplitTerms terms(long seed) {
    return new SplitTerms(3, 2, 16, 16, 1, 3, 2, 1, "raw32", 4, 6, 50, 0.003, 2, seed, "djl", 1);
  }

  private static void keep(SplitStates states, int step, long branch) {
    states.keep(new KeptState(step, branch), TERMS, out -> out.writeInt(100 + step));
  }

  @Test
  void theLastTwoStatesAreKeptAndLaterOnesGoAfterGoingBack() {
    try (var states = new SplitStates(folder)) {
      keep(states, 0, 5);
      keep(states, 10, 5);
      keep(states, 20, 5);
      assertThat(states.all()).containsExactly(new KeptState(10, 5), new KeptState(20, 5));
    }
    try (var states = new SplitStates(folder)) {
      states.check(TERMS);
      assertThat(states.all()).containsExactly(new KeptState(10, 5), new KeptState(20, 5));
      assertThat(states.<Integer>goBackTo(new KeptState(10, 5), in -> in.readInt())).isEqualTo(110);
      assertThat(states.all()).containsExactly(new KeptState(10, 5));
      keep(states, 20, 6);
      assertThat(states.all()).containsExactly(new KeptState(10, 5), new KeptState(20, 6));
    }
  }

  @Test
  void aFolderHasOneUser() {
    try (var states = new SplitStates(folder)) {
      assertThat(states.all()).isEmpty();
      assertThatThrownBy(() -> new SplitStates(folder)).hasMessageContaining("its only user");
    }
  }

  @Test
  void statesOfOtherTermsAndDamagedOnesAreRefused() throws IOException {
    try (var states = new SplitStates(folder)) {
      keep(states, 10, 5);
      assertThatThrownBy(() -> states.check(terms(8)))
          .isInstanceOfSatisfying(
              TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OTHER_RUN))
          .hasMessageContaining("give another folder");
    }
    Path file = folder.resolve("step-00000010.state");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 7] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> new SplitStates(folder))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining("checksum");
    bytes[bytes.length - 7] ^= 1;
    Files.delete(file);
    Files.write(folder.resolve("step-00000011.state"), bytes);
    assertThatThrownBy(() -> new SplitStates(folder))
        .hasMessageContaining("expected the state of its name");
  }

  @Test
  void theLatestStateThatAllHaveIsCommon() {
    var ten = new KeptState(10, 5);
    var twenty = new KeptState(20, 5);
    var other = new KeptState(20, 6);
    var beginning = new KeptState(0, 3);
    assertThat(KeptState.latestCommon(List.of(ten, twenty), List.of(List.of(ten, twenty))))
        .contains(twenty);
    assertThat(
            KeptState.latestCommon(
                List.of(ten, twenty), List.of(List.of(ten, twenty), List.of(beginning, ten))))
        .contains(ten);
    assertThat(KeptState.latestCommon(List.of(ten, other), List.of(List.of(ten, twenty))))
        .contains(ten);
    assertThat(KeptState.latestCommon(List.of(other), List.of(List.of(twenty)))).isEmpty();
    // All begin alike, and who has kept nothing is there.
    assertThat(KeptState.latestCommon(List.of(), List.of(List.of(), List.of())))
        .contains(KeptState.BEGINNING);
    assertThat(KeptState.latestCommon(List.of(beginning, ten), List.of(List.of())))
        .contains(beginning);
    assertThat(KeptState.latestCommon(List.of(ten, twenty), List.of(List.of()))).isEmpty();
    // Ends that keep nothing have no say.
    assertThat(KeptState.latestCommon(List.of(ten, twenty), List.of())).contains(twenty);
  }
}
