package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.run.EncodedPart;
import io.tributary.run.Fragment;
import io.tributary.run.FragmentUpdate;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorSlice;
import io.tributary.run.TestModels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentMergeTest {
  private static final CodecRegistry CODECS = CodecRegistry.load();
  private static final RunManifest RUN = TestModels.manifest(2, 2);
  private static final Fragment FRAGMENT = RUN.fragmentMap().fragment(1);

  private OuterParameters theta;
  private StepTrainer trainer;

  @BeforeEach
  void train() {
    theta = OuterParameters.initial(RUN.schema(), 7);
    trainer = new StepTrainer(RUN.schema(), 7, 0);
    steps(1, 4);
  }

  private void steps(int from, int to) {
    for (int step = from; step <= to; step++) {
      trainer.step(step);
    }
  }

  private float[] local(TensorSlice slice) {
    var values = new float[RUN.schema().tensors().get(slice.tensor()).elements()];
    trainer.read(slice.tensor(), values, 0);
    return slice.of(values).clone();
  }

  private float[][] local() {
    return FRAGMENT.slices().stream().map(this::local).toArray(float[][]::new);
  }

  private PendingContribution cut(String codec) {
    TensorCodec encoder = CODECS.codec(codec);
    var parts = new ArrayList<EncodedPart>();
    for (TensorSlice slice : FRAGMENT.slices()) {
      float[] gradient = local(slice);
      float[] outer = slice.of(theta.tensor(slice.tensor()));
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = outer[i] - gradient[i];
      }
      var bytes = new byte[encoder.maxEncodedLength(gradient.length)];
      int length = encoder.encode(gradient, 0, gradient.length, bytes, 0);
      parts.add(
          new EncodedPart(
                  0,
                  0,
                  gradient.length,
                  encoder.id().number(),
                  encoder.id().version(),
                  Arrays.copyOf(bytes, length))
              .in(slice));
    }
    return new PendingContribution(FRAGMENT.index(), 1, 8, parts);
  }

  private void move() {
    var random = new Random(3);
    var update = new FragmentUpdate(theta, FRAGMENT);
    for (TensorSlice slice : FRAGMENT.slices()) {
      var change = new float[slice.count()];
      for (int i = 0; i < change.length; i++) {
        change[i] = 0.01f * (float) random.nextGaussian();
      }
      update.subtract(slice.tensor(), slice.first(), change, change.length);
    }
  }

  private EagerMerge eager(float alpha, float gain) {
    return new EagerMerge(theta, trainer, CODECS, alpha, gain);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 0.5f, 1})
  void withoutTrainingBetweenTheEagerMergeComesToTheLateOne(float alpha) {
    PendingContribution own = cut("e3m0");
    float[][] before = local();
    EagerMerge eager = eager(alpha, 0.35f);
    eager.cut(FRAGMENT, own);
    Runnable merged = eager.applying(FRAGMENT, own);
    move();
    merged.run();
    for (int s = 0; s < before.length; s++) {
      TensorSlice slice = FRAGMENT.slices().get(s);
      float[] outer = slice.of(theta.tensor(slice.tensor()));
      float[] found = local(slice);
      for (int i = 0; i < outer.length; i++) {
        assertThat(found[i])
            .isCloseTo(alpha * before[s][i] + (1 - alpha) * outer[i], within(1e-6f));
      }
    }
  }

  /** Alone, with the outer step that takes all of the contribution: nothing is there to mend. */
  @Test
  void whoIsAloneJustTrainsOn() {
    PendingContribution own = cut("raw32");
    float[][] before = local();
    EagerMerge eager = eager(0, 1);
    eager.cut(FRAGMENT, own);
    float[][] after = local();
    for (int s = 0; s < before.length; s++) {
      for (int i = 0; i < before[s].length; i++) {
        assertThat(after[s][i]).isCloseTo(before[s][i], within(1e-6f));
      }
    }
    steps(5, 7);
    float[][] trained = local();
    Runnable merged = eager.applying(FRAGMENT, own);
    var update = new FragmentUpdate(theta, FRAGMENT);
    for (EncodedPart part : own.parts()) {
      var change = new float[part.count()];
      CODECS.codec("raw32").decode(part.bytes(), 0, part.bytes().length, change.length, change, 0);
      update.subtract(part.tensor(), part.first(), change, change.length);
    }
    merged.run();
    assertThat(local()).isDeepEqualTo(trained);
  }

  @Test
  void whatIsTrainedBetweenIsKeptByTheEagerMergeAlone() {
    PendingContribution own = cut("raw32");
    eager(0, 0.5f).cut(FRAGMENT, own);
    float[][] merged = local();
    steps(5, 7);
    float[][] trained = local();
    Runnable mended = eager(0, 0.5f).applying(FRAGMENT, own);
    move();
    mended.run();
    float[][] found = local();
    for (int s = 0; s < found.length; s++) {
      TensorSlice slice = FRAGMENT.slices().get(s);
      float[] outer = slice.of(theta.tensor(slice.tensor()));
      for (int i = 0; i < outer.length; i++) {
        float progress = trained[s][i] - merged[s][i];
        assertThat(found[s][i] - outer[i]).isCloseTo(progress, within(1e-6f));
      }
    }
    new LateMerge(theta, trainer, 0).applying(FRAGMENT, own).run();
    for (TensorSlice slice : FRAGMENT.slices()) {
      assertThat(local(slice)).isEqualTo(slice.of(theta.tensor(slice.tensor())));
    }
  }

  @Test
  void whoMadeNoContributionMergesLate() {
    Runnable merged = eager(0, 0.5f).applying(FRAGMENT, null);
    move();
    merged.run();
    for (TensorSlice slice : FRAGMENT.slices()) {
      assertThat(local(slice)).isEqualTo(slice.of(theta.tensor(slice.tensor())));
    }
  }

  @Test
  void whatIsntFiniteIsReplaced() {
    TensorSlice slice = FRAGMENT.slices().get(0);
    var values = new float[slice.count()];
    trainer.read(slice.tensor(), values, 0);
    values[1] = Float.NaN;
    trainer.write(slice.tensor(), values, 0);
    PendingContribution own = cut("raw32");
    EagerMerge eager = eager(0.5f, 0.5f);
    eager.cut(FRAGMENT, own);
    assertThat(local(slice)[1]).isEqualTo(theta.tensor(slice.tensor())[1]);
    Runnable merged = eager.applying(FRAGMENT, own);
    move();
    merged.run();
    for (float value : local(slice)) {
      assertThat(value).isFinite();
    }
  }
}
