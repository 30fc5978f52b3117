package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.run.EncodedPart;
import io.tributary.run.OuterParameters;
import io.tributary.run.TestModels;
import io.tributary.store.DurableFile;
import io.tributary.tensor.ModelSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentStoreTest {
  private static final ModelSchema MODEL = TestModels.layered(2);

  @TempDir private Path folder;

  private static AgentState state(int step) {
    return new AgentState(
        "0123456789abcdef0123456789abcdef",
        step,
        List.of(1, 0, 2),
        List.of(
            new PendingContribution(
                1, 1, 77, List.of(new EncodedPart(2, 0, 3, 1, 1, new byte[] {1, 2, 3})))),
        List.of(5L, 6L, 1L << 40),
        List.of(FeedbackMark.NONE, new FeedbackMark(1, -7), FeedbackMark.NONE),
        11,
        22);
  }

  private Path saved() {
    var trainer = new StepTrainer(MODEL, 1, 0);
    trainer.step(1);
    AgentStore.open(folder).save(state(1), OuterParameters.initial(MODEL, 9), trainer);
    return folder.resolve("agent.state");
  }

  @Test
  void whatIsSavedIsLoaded() {
    saved();
    AgentStore store = AgentStore.open(folder);
    AgentState position = java.util.Objects.requireNonNull(store.position());
    assertThat(position.feedback()).isEqualTo(state(1).feedback());
    assertThat(position.pending().get(0).parts().get(0).bytes()).containsExactly(1, 2, 3);
    OuterParameters theta = OuterParameters.initial(MODEL, 1);
    var trainer = new StepTrainer(MODEL, 5, 0);
    AgentState loaded = store.load(theta, trainer);
    assertThat(loaded.step()).isEqualTo(1);
    assertThat(loaded.applied()).containsExactly(1, 0, 2);
    assertThat(loaded.tokens()).containsExactly(5L, 6L, 1L << 40);
    assertThat(loaded.bytesUp()).isEqualTo(11);
    assertThat(theta.fingerprint()).isEqualTo(OuterParameters.initial(MODEL, 9).fingerprint());
    var undisturbed = new StepTrainer(MODEL, 1, 0);
    undisturbed.step(1);
    undisturbed.step(2);
    trainer.step(2);
    for (int t = 0; t < MODEL.tensors().size(); t++) {
      var expected = new float[MODEL.tensors().get(t).elements()];
      var found = expected.clone();
      undisturbed.read(t, expected, 0);
      trainer.read(t, found, 0);
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void aDamagedStateIsSetAsideAndTheAgentBeginsAsANewOne() throws IOException {
    Path file = saved();
    byte[] whole = Files.readAllBytes(file);
    Path residuals = folder.resolve("residuals.chm");
    for (int length : new int[] {0, 7, 30, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      Files.writeString(residuals, "of the damaged state");
      AgentStore store = AgentStore.open(folder);
      assertThat(store.position()).isNull();
      assertThat(file).doesNotExist();
      assertThat(residuals).doesNotExist();
      assertThat(Files.size(folder.resolve("agent.state.damaged"))).isEqualTo(length);
    }
    byte[] flipped = whole.clone();
    flipped[whole.length / 3] ^= 8;
    Files.write(file, flipped);
    AgentStore store = AgentStore.open(folder);
    assertThat(store.position()).isNull();
    store.save(state(4), OuterParameters.initial(MODEL, 9), new StepTrainer(MODEL, 1, 0));
    assertThat(java.util.Objects.requireNonNull(AgentStore.open(folder).position()).step())
        .isEqualTo(4);
  }

  @Test
  void aStateOfAnotherVersionIsRefusedAndLeftAlone() {
    Path file = folder.resolve("agent.state");
    new DurableFile("TRBA", 2).write(file, out -> out.writeInt(1));
    assertThatThrownBy(() -> AgentStore.open(folder))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_NEW));
    assertThat(file).exists();
  }

  /** Every write to this device fails as on a full disk. */
  @Test
  void aFullDiskIsAStorageErrorAndTheOldStateStays() throws IOException {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.exists(Path.of("/dev/full")), "no /dev/full on this system");
    Path file = saved();
    byte[] before = Files.readAllBytes(file);
    Files.createSymbolicLink(folder.resolve("agent.state.tmp"), Path.of("/dev/full"));
    AgentStore store = AgentStore.open(folder);
    assertThatThrownBy(
            () ->
                store.save(
                    state(8), OuterParameters.initial(MODEL, 9), new StepTrainer(MODEL, 1, 0)))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining("agent.state")
        .hasMessageContaining("No space left");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(folder.resolve("agent.state.tmp")).doesNotExist();
  }
}
