package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.CodecLadder;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CodecSession;
import io.tributary.codec.LadderSession;
import io.tributary.run.Exchange;
import io.tributary.run.Fragment;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorSlice;
import io.tributary.run.TestModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodecControllerTest {
  private static final CodecRegistry CODECS = CodecRegistry.load();

  private final List<CodecController.Choice> choices = new ArrayList<>();
  private double goodput;

  /** One choice for a contribution of fragment 0 of 5 s to come, on a link as slow as it says. */
  private CodecController.Choice choose(String policy, double bytesPerSecond, double stepSeconds) {
    RunManifest manifest = TestModels.manifest(1, 1, policy, "raw32");
    goodput = bytesPerSecond;
    var controller = new CodecController(manifest, CODECS, () -> goodput, choices::add);
    controller.stepped(stepSeconds);
    Fragment fragment = manifest.fragmentMap().fragment(0);
    CodecSession[] sessions = sessions(manifest);
    controller.choose(new Exchange(0, 3, 10, 12), fragment, gradients(fragment), sessions);
    CodecController.Choice choice = choices.get(choices.size() - 1);
    for (TensorSlice slice : fragment.slices()) {
      if (sessions[slice.index()] instanceof LadderSession session) {
        assertThat(choice.codec()).startsWith(session.codec().id().name());
      }
    }
    return choice;
  }

  private static CodecSession[] sessions(RunManifest manifest) {
    CodecPolicy policy = CodecPolicy.parse(manifest.codecUp(), CODECS);
    return manifest.fragmentMap().slices().stream()
        .map(
            slice -> {
              CodecLadder ladder = policy.ladder(manifest.schema().tensors().get(slice.tensor()));
              return ladder.chooses()
                  ? CODECS.session(ladder, slice.count())
                  : CODECS.session(ladder.rungs().get(0), slice.count());
            })
        .toArray(CodecSession[]::new);
  }

  private static List<float[]> gradients(Fragment fragment) {
    var random = new Random(5);
    var all = new ArrayList<float[]>();
    for (TensorSlice slice : fragment.slices()) {
      var values = new float[slice.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      all.add(values);
    }
    return all;
  }

  // A contribution has 80 values, 320 bytes in float32. Encoding takes next to no time on the
  // scale of these links.

  @Test
  void anUnknownLinkGetsTheSmallest() {
    CodecController.Choice choice = choose("auto:int8block/e3m0", 0, 1);
    assertThat(choice.codec()).isEqualTo("e3m0");
    assertThat(choice.reason()).contains("isn't measured");
    assertThat(choice.fragment()).isZero();
    assertThat(choice.version()).isEqualTo(3);
  }

  @Test
  void theMostExactThatLandsInTimeIsTaken() {
    // Due in half of two steps of 100 s.
    assertThat(choose("auto:int8block/e3m0", 2, 100).codec()).isEqualTo("int8block");
    assertThat(choose("auto:int8block/e3m0", 0.6, 100).codec()).isEqualTo("e3m0");
    assertThat(choices.get(1).reason())
        .contains("the most exact in time")
        .contains("due in 100.000 s on a link of 0.00 Mbit/s");
  }

  @Test
  void whereNoneLandsInTimeTheFastestIsTaken() {
    CodecController.Choice choice = choose("auto:int8block/e3m0", 0.1, 100);
    assertThat(choice.codec()).isEqualTo("e3m0");
    assertThat(choice.reason()).contains("the fastest, though late");
  }

  @Test
  void whereCompressingWouldLoseNothingIsCompressed() {
    // 320 bytes take less than a picosecond.
    CodecController.Choice choice = choose("auto:int8block/e3m0", 1e18, 1);
    assertThat(choice.codec()).isEqualTo("raw32");
    assertThat(choice.reason()).contains("compressing would lose");
  }

  @Test
  void anErrorBeyondTheBoundIsNotTaken() {
    // On normal values int8block is off by 0.6 %, e3m0 by 20 %.
    assertThat(choose("auto:int8block/e3m0@0.1", 0.1, 100).codec()).isEqualTo("int8block");
    assertThat(choose("auto:int8block/e3m0@0.001", 0.1, 100).codec()).isEqualTo("raw32");
    assertThat(choose("auto:e3m0@0.1+ef", 0.1, 100).codec()).isEqualTo("raw32+ef");
  }

  @Test
  void aPolicyWithoutAChoiceIsLeftAlone() {
    RunManifest manifest = TestModels.manifest(1, 1, "e3m0", "raw32");
    var controller = new CodecController(manifest, CODECS, () -> 1, choices::add);
    Fragment fragment = manifest.fragmentMap().fragment(0);
    controller.choose(new Exchange(0, 1, 1, 2), fragment, gradients(fragment), sessions(manifest));
    assertThat(choices).isEmpty();
  }

  @Test
  void valuesThatArentFiniteAreNoReasonToFail() {
    RunManifest manifest = TestModels.manifest(1, 1, "auto:int8block/e3m0", "raw32");
    var controller = new CodecController(manifest, CODECS, () -> 1, choices::add);
    Fragment fragment = manifest.fragmentMap().fragment(0);
    List<float[]> gradients = gradients(fragment);
    gradients.get(0)[3] = Float.NaN;
    controller.choose(new Exchange(0, 1, 1, 2), fragment, gradients, sessions(manifest));
    assertThat(choices.get(0).codec()).isEqualTo("raw32");
  }
}
