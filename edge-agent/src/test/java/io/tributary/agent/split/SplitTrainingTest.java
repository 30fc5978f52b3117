package io.tributary.agent.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.UnknownTableException;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTrainingTest {
  private static final GptShape SHAPE = new GptShape(2, 2, 32, 32);
  private static final int BATCH = 4;
  private static final int[] SAMPLES = {0, 1, 2, 3};
  private static final TrainerProvider ENGINE = TrainerProvider.named("djl");
  private static final LearnedCodecs CODECS = LearnedCodecs.load(CodecRegistry.load());

  /** The sources of Apache Commons Lang, copied by the build. */
  private static final WindowSampler SAMPLER =
      Corpus.read(Path.of("target", "text", "commons-lang3-sources.jar"), 1)
          .sampler(0, 5, SHAPE.context(), BATCH);

  private static SplitTrainingPlan training(int cut) {
    return new SplitTrainingPlan(
        new TrainingPlan(SHAPE, LearningRate.constant(0.003, 5), AdamW.Options.defaults()), cut);
  }

  private static CutPlan plan(double bits) {
    return new CutPlan(SHAPE.width(), BATCH * SHAPE.context(), bits, Math.max(bits, 6), 80, 3);
  }

  private static SplitClient client(String codec, double bits) {
    return new SplitClient(
        ENGINE.openBottom(training(1), 1), CODECS.open(codec, plan(bits)), plan(bits));
  }

  private static SplitServer server(String codec, double bits) {
    return new SplitServer(
        ENGINE.openTop(training(1), 2), CODECS.openPeer(codec, plan(bits)), plan(bits));
  }

  private static long[] windows(int step) {
    var windows = new long[BATCH * (SHAPE.context() + 1)];
    SAMPLER.fill(step, windows);
    return windows;
  }

  private static double step(SplitClient client, SplitServer server, int step) {
    long[] windows = windows(step);
    SplitClient.Outgoing out = client.send(windows, SHAPE.context(), SAMPLES);
    if (out.table().length > 0) {
      server.table(out.table());
    }
    SplitServer.Answer answer = server.learn(out.message(), windows, SHAPE.context());
    client.receive(out.rows(), answer.message());
    client.update(step);
    server.update(step);
    return answer.loss();
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw32", "amaq", "amaq:fixed-sharp", "amaqec", "aqsgd"})
  void aCutModelLearnsThroughEveryCodec(String codec) {
    try (SplitClient client = client(codec, 4);
        SplitServer server = server(codec, 4)) {
      double first = step(client, server, 1);
      double last = 0;
      for (int t = 2; t <= 80; t++) {
        last = step(client, server, t);
      }
      assertThat(first).isBetween(5.3, 5.8);
      // Knowing the frequency of bytes and nothing else gives about 3.2 on this text.
      assertThat(last).isLessThan(3.6);
    }
  }

  @Test
  void bothPartsTogetherAreTheGradientOfTheLoss() {
    int values = BATCH * SHAPE.context() * SHAPE.width();
    try (SplitBottom bottom = ENGINE.openBottom(training(1), 1);
        SplitTop top = ENGINE.openTop(training(1), 2)) {
      long[] windows = windows(1);
      var activations = new float[values];
      var gradients = new float[values];
      bottom.forward(windows, BATCH, activations);
      double loss = top.learn(activations, windows, BATCH, gradients);
      assertThat(top.measure(activations, windows, BATCH).loss())
          .isCloseTo(loss, org.assertj.core.data.Offset.offset(1e-5));
      // Along the gradient the loss changes by its squared length.
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
      assertThat((above - below) / (2 * step))
          .isCloseTo(square, org.assertj.core.data.Offset.offset(0.05 * square));
      // And a step of the bottom alone makes the loss smaller.
      bottom.backward(windows, BATCH, gradients);
      bottom.update(5);
      bottom.forward(windows, BATCH, activations);
      assertThat(top.measure(activations, windows, BATCH).loss()).isLessThan(loss);
    }
  }

  @Test
  void restoredPartsGoOnBitForBit() throws IOException {
    try (SplitBottom one = ENGINE.openBottom(training(1), 1);
        SplitBottom two = ENGINE.openBottom(training(1), 9)) {
      int values = BATCH * SHAPE.context() * SHAPE.width();
      var gradients = new float[values];
      Arrays.fill(gradients, 1e-3f);
      one.backward(windows(1), BATCH, gradients);
      one.update(1);
      var state = new ByteArrayOutputStream();
      one.saveState(new DataOutputStream(state));
      two.restoreState(new DataInputStream(new ByteArrayInputStream(state.toByteArray())));
      var expected = new float[values];
      var actual = new float[values];
      for (int t = 2; t < 5; t++) {
        one.backward(windows(t), BATCH, gradients);
        two.backward(windows(t), BATCH, gradients);
        one.update(t);
        two.update(t);
        one.forward(windows(t), BATCH, expected);
        two.forward(windows(t), BATCH, actual);
        assertThat(actual).containsExactly(expected);
      }
    }
  }

  @Test
  void aCutOutsideTheModelIsRefused() {
    for (int cut : new int[] {0, 2, -1}) {
      assertThatThrownBy(() -> training(cut))
          .hasMessage(
              "layers below the cut: expected 1 or more, and fewer than the model's 2, found "
                  + cut);
    }
  }

  @Test
  void aServerWithoutTheTableAsks() {
    try (SplitClient client = client("amaq", 4);
        SplitServer server = server("amaq", 4)) {
      long[] windows = windows(1);
      SplitClient.Outgoing out = client.send(windows, SHAPE.context(), SAMPLES);
      assertThatThrownBy(() -> server.learn(out.message(), windows, SHAPE.context()))
          .isInstanceOfSatisfying(
              UnknownTableException.class,
              e -> server.table(client.answer(server.request(e.version()))));
      SplitServer.Answer answer = server.learn(out.message(), windows, SHAPE.context());
      assertThat(answer.loss()).isBetween(5.3, 5.8);
    }
  }

  @Test
  void aBatchOfAnotherShapeIsRefused() {
    try (SplitClient client = client("raw32", 4);
        SplitServer server = server("raw32", 4)) {
      SplitClient.Outgoing out = client.send(windows(1), SHAPE.context(), SAMPLES);
      assertThatThrownBy(
              () -> server.learn(out.message(), new long[SHAPE.context() + 1], SHAPE.context()))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING))
          .hasMessageContaining("found 128");
    }
  }

  @Test
  void activationsThatAreNoNumbersRefuseTheStep() {
    try (SplitTop top = ENGINE.openTop(training(1), 2)) {
      var activations = new float[BATCH * SHAPE.context() * SHAPE.width()];
      activations[7] = Float.NaN;
      assertThatThrownBy(
              () -> top.learn(activations, windows(1), BATCH, new float[activations.length]))
          .isInstanceOfSatisfying(
              TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NON_FINITE));
    }
  }

  @Test
  void whatIsRefusedLeavesWhatWasKept() {
    try (SplitTop one = ENGINE.openTop(training(1), 2);
        SplitTop two = ENGINE.openTop(training(1), 2)) {
      float[] activations = activations();
      var gradients = new float[activations.length];
      one.learn(activations, windows(1), BATCH, gradients);
      one.keep();
      one.learn(activations, windows(2), BATCH, gradients);
      one.refuse();
      one.update(1);
      two.learn(activations, windows(1), BATCH, gradients);
      two.update(1);
      assertThat(one.measure(activations, windows(3), BATCH))
          .isEqualTo(two.measure(activations, windows(3), BATCH));
      one.learn(activations, windows(2), BATCH, gradients);
      one.refuse();
      one.learn(activations, windows(3), BATCH, gradients);
      one.update(2);
      two.learn(activations, windows(3), BATCH, gradients);
      two.update(2);
      assertThat(one.measure(activations, windows(4), BATCH))
          .isEqualTo(two.measure(activations, windows(4), BATCH));
    }
  }

  private static float[] activations() {
    var activations = new float[BATCH * SHAPE.context() * SHAPE.width()];
    for (int i = 0; i < activations.length; i++) {
      activations[i] = (float) StrictMath.sin(i);
    }
    return activations;
  }
}
