package io.tributary.agent.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.EncoderShape;
import io.tributary.agent.trainer.EncoderWeights;
import io.tributary.agent.trainer.FrozenLayers;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SentenceWindows;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitEncoderPlan;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.RowKind;
import io.tributary.error.TributaryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitEncoderTest {
  private static final long SEED = Long.getLong("test.seed", 7);
  private static final EncoderShape SHAPE = new EncoderShape(3, 2, 16, 32, 40, 12);
  private static final int CLASSES = 4;
  private static final int BATCH = 8;
  private static final int LENGTH = 10;
  private static final TrainerProvider ENGINE = TrainerProvider.named("djl");
  private static final LearnedCodecs CODECS = LearnedCodecs.load(CodecRegistry.load());
  private static final EncoderWeights WEIGHTS = weights(new Random(SEED));

  private static float[] values(Random random, int count, double deviation, double mean) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }

  private static EncoderWeights weights(Random random) {
    int w = SHAPE.width();
    int inner = SHAPE.inner();
    var layers = new ArrayList<EncoderWeights.Layer>();
    for (int l = 0; l < SHAPE.layers(); l++) {
      layers.add(
          new EncoderWeights.Layer(
              values(random, 3 * w * w, 0.3, 0),
              values(random, 3 * w, 0.1, 0),
              values(random, w * w, 0.3, 0),
              values(random, w, 0.1, 0),
              values(random, w, 0.1, 1),
              values(random, w, 0.1, 0),
              values(random, inner * w, 0.3, 0),
              values(random, inner, 0.1, 0),
              values(random, inner * w, 0.3, 0),
              values(random, w, 0.1, 0),
              values(random, w, 0.1, 1),
              values(random, w, 0.1, 0)));
    }
    return new EncoderWeights(
        SHAPE,
        values(random, SHAPE.vocabulary() * w, 1, 0),
        values(random, SHAPE.positions() * w, 0.2, 0),
        values(random, w, 0.1, 1),
        values(random, w, 0.1, 0),
        layers);
  }

  private static SplitEncoderPlan plan(int cut) {
    return plan(cut, 0);
  }

  private static SplitEncoderPlan plan(int cut, int frozen) {
    return new SplitEncoderPlan(
        WEIGHTS,
        cut,
        new FrozenLayers(frozen),
        4,
        CLASSES,
        LearningRate.constant(0.02, 5),
        AdamW.Options.defaults());
  }

  /** Sentences whose class is that of one of their words. */
  private static long[] windows(Random random, int length) {
    var windows = new long[BATCH * (length + 1)];
    for (int s = 0; s < BATCH; s++) {
      int label = random.nextInt(CLASSES);
      var sentence = new int[3 + random.nextInt(5)];
      Arrays.setAll(sentence, i -> CLASSES + random.nextInt(SHAPE.vocabulary() - CLASSES));
      sentence[random.nextInt(sentence.length)] = label;
      SentenceWindows.write(sentence, label, length, windows, s);
    }
    return windows;
  }

  @Test
  void bothPartsTogetherAreTheGradientOfTheLoss() {
    int values = BATCH * LENGTH * SHAPE.width();
    try (SplitBottom bottom = ENGINE.openEncoderBottom(plan(1), 1);
        SplitTop top = ENGINE.openEncoderTop(plan(1), 2)) {
      long[] windows = windows(new Random(SEED), LENGTH);
      var activations = new float[values];
      var gradients = new float[values];
      bottom.forward(windows, BATCH, activations);
      double loss = top.learn(activations, windows, BATCH, gradients);
      assertThat(top.measure(activations, windows, BATCH).loss())
          .isCloseTo(loss, Offset.offset(1e-5));
      double square = 0;
      for (float g : gradients) {
        square += (double) g * g;
      }
      float step = (float) (0.02 / Math.sqrt(square));
      var moved = new float[values];
      for (int i = 0; i < values; i++) {
        moved[i] = activations[i] + step * gradients[i];
      }
      double above = top.measure(moved, windows, BATCH).loss();
      for (int i = 0; i < values; i++) {
        moved[i] = activations[i] - step * gradients[i];
      }
      double below = top.measure(moved, windows, BATCH).loss();
      assertThat((above - below) / (2 * step)).isCloseTo(square, Offset.offset(0.05 * square));
      // And steps of the bottom alone make the loss smaller.
      for (int t = 5; t < 10; t++) {
        bottom.backward(windows, BATCH, gradients);
        bottom.update(t);
      }
      bottom.forward(windows, BATCH, activations);
      assertThat(top.measure(activations, windows, BATCH).loss()).isLessThan(loss);
    }
  }

  @Test
  void paddingIsNeitherSentNorSeen() {
    long[] narrow = windows(new Random(SEED), 7);
    long[] wide = windows(new Random(SEED), LENGTH);
    try (SplitBottom bottom = ENGINE.openEncoderBottom(plan(2), 1);
        SplitTop top = ENGINE.openEncoderTop(plan(2), 2)) {
      var few = new float[BATCH * 7 * SHAPE.width()];
      var many = new float[BATCH * LENGTH * SHAPE.width()];
      bottom.forward(narrow, BATCH, few);
      bottom.forward(wide, BATCH, many);
      assertThat(top.measure(many, wide, BATCH)).isEqualTo(top.measure(few, narrow, BATCH));
      byte[] kinds = bottom.kinds(wide, BATCH);
      var sentences = new SentenceWindows(wide, BATCH);
      for (int row = 0; row < kinds.length; row++) {
        boolean padding = row % LENGTH >= sentences.tokens(row / LENGTH);
        assertThat((int) kinds[row])
            .isEqualTo((padding ? RowKind.PADDING : RowKind.ORDINARY).number());
        if (padding) {
          assertThat(many[row * SHAPE.width()]).isZero();
          // What stands in padding rows changes nothing.
          many[row * SHAPE.width()] = 100;
        }
      }
      assertThat(top.measure(many, wide, BATCH)).isEqualTo(top.measure(few, narrow, BATCH));
    }
  }

  @Test
  void frozenLayersGiveWhatTheyWouldWithAdaptersThatHaveNotLearned() {
    long[] windows = windows(new Random(SEED), LENGTH);
    var expected = new float[BATCH * LENGTH * SHAPE.width()];
    var found = new float[expected.length];
    try (SplitBottom all = ENGINE.openEncoderBottom(plan(3), 1);
        SplitBottom one = ENGINE.openEncoderBottom(plan(3, 2), 1)) {
      assertThat(all.schema().tensors()).hasSize(12);
      assertThat(one.schema().tensors()).hasSize(4);
      all.forward(windows, BATCH, expected);
      // Once computed, once remembered.
      for (int turn = 0; turn < 2; turn++) {
        one.forward(windows, BATCH, found);
        assertThat(found).containsExactly(expected, Offset.offset(2e-5f));
      }
    }
    assertThatThrownBy(() -> plan(2, 2)).hasMessageContaining("fewer than the 2 below the cut");
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw32", "amaq", "amaqec", "aqsgd"})
  void aCutEncoderLearnsThroughEveryCodec(String codec) {
    var cut = new CutPlan(SHAPE.width(), BATCH * LENGTH, 4, 6, 150, 3);
    var random = new Random(SEED);
    try (var client =
            new SplitClient(ENGINE.openEncoderBottom(plan(1), 1), CODECS.open(codec, cut), cut);
        var server =
            new SplitServer(ENGINE.openEncoderTop(plan(1), 2), CODECS.openPeer(codec, cut), cut)) {
      double first = 0;
      double last = 0;
      for (int step = 1; step <= 150; step++) {
        long[] windows = windows(random, LENGTH);
        var samples = new int[BATCH];
        int number = step * BATCH;
        Arrays.setAll(samples, i -> number + i);
        SplitClient.Outgoing out = client.send(windows, LENGTH, samples);
        if (out.table().length > 0) {
          server.table(out.table());
        }
        SplitServer.Answer answer = server.learn(out.message(), windows, LENGTH);
        client.receive(out.rows(), answer.message());
        client.update(step);
        server.update(step);
        first += step <= 10 ? answer.loss() / 10 : 0;
        last += step > 140 ? answer.loss() / 10 : 0;
      }
      assertThat(first).isGreaterThan(1.2);
      assertThat(last).isLessThan(0.8 * first);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> plan(0))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("layers below the cut: expected a number from 1 to 3, found 0");
    assertThatThrownBy(() -> plan(4)).hasMessageContaining("found 4");
    try (SplitBottom bottom = ENGINE.openEncoderBottom(plan(1), 1)) {
      var activations = new float[SHAPE.width() * 20];
      var unknown = new long[] {SHAPE.vocabulary(), 0};
      assertThatThrownBy(() -> bottom.forward(unknown, 1, activations))
          .hasMessageContaining("token: expected 0 to 39, found 40");
      var tooLong = new long[SHAPE.positions() + 2];
      assertThatThrownBy(() -> bottom.forward(tooLong, 1, activations))
          .hasMessageContaining("tokens of a sentence: expected at most 12, found 13");
      var empty = new long[] {SentenceWindows.PADDING, 0};
      assertThatThrownBy(() -> bottom.forward(empty, 1, activations))
          .hasMessageContaining("window 0 has no token");
    }
  }
}
