package io.tributary.bench.amaq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.FrozenLayers;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SentenceWindows;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitEncoderPlan;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.bench.encoder.ModelJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The encoder is the one that was published: its tokens and similarities are known. */
class PretrainedEncoderTest {
  private static final int LENGTH = 16;

  private static PretrainedEncoder encoder;

  @TempDir private Path folder;

  /** The jar that the build put there. */
  static Path jar() {
    return ModelJar.MINILM.in(Path.of("target", "models")).get(0);
  }

  @BeforeAll
  static void open() {
    encoder = PretrainedEncoder.readMiniLm(jar());
  }

  /** The mean of the last layer's tokens, of length 1. */
  private static double[] embedding(SplitBottom bottom, String sentence) {
    var windows = new long[LENGTH + 1];
    int[] tokens = encoder.tokens(sentence, LENGTH);
    SentenceWindows.write(tokens, 0, LENGTH, windows, 0);
    int width = encoder.weights().shape().width();
    var activations = new float[LENGTH * width];
    bottom.forward(windows, 1, activations);
    var mean = new double[width];
    double square = 0;
    for (int c = 0; c < width; c++) {
      for (int i = 0; i < tokens.length; i++) {
        mean[c] += activations[i * width + c];
      }
      square += mean[c] * mean[c];
    }
    for (int c = 0; c < width; c++) {
      mean[c] /= Math.sqrt(square);
    }
    return mean;
  }

  private static double similarity(double[] x, double[] y) {
    double sum = 0;
    for (int c = 0; c < x.length; c++) {
      sum += x[c] * y[c];
    }
    return sum;
  }

  @Test
  void similaritiesAreThePublishedOnes() {
    var plan =
        new SplitEncoderPlan(
            encoder.weights(),
            6,
            new FrozenLayers(3),
            1,
            2,
            LearningRate.constant(1, 0),
            AdamW.Options.defaults());
    try (SplitBottom bottom = TrainerProvider.named("djl").openEncoderBottom(plan, 1)) {
      double[] happy = embedding(bottom, "That is a happy person");
      // From the model's page, in float32 by another program.
      Offset<Double> exact = Offset.offset(2e-6);
      assertThat(similarity(happy, embedding(bottom, "That is a very happy person")))
          .isCloseTo(0.94291496, exact);
      assertThat(similarity(happy, embedding(bottom, "That is a happy dog")))
          .isCloseTo(0.69457746, exact);
      assertThat(similarity(happy, embedding(bottom, "Today is a sunny day")))
          .isCloseTo(0.25687605, exact);
    }
  }

  @Test
  void tokensAreThePublishedOnes() {
    assertThat(encoder.weights().shape().layers()).isEqualTo(6);
    assertThat(encoder.tokenizer().vocabulary()).isEqualTo(30_522);
    assertThat(encoder.tokens("Hello, world!", LENGTH))
        .containsExactly(101, 7592, 1010, 2088, 999, 102);
    assertThat(encoder.tokens("Hello, world!", 4)).containsExactly(101, 7592, 1010, 102);
    assertThat(encoder.tokenizer().decode(7592, 1010, 2088)).isEqualTo("hello , world");
  }

  @Test
  void aCutOutsideTheEncoderIsRefused() throws IOException {
    String sentences = "text,label\n" + "a,x\nb,y\n".repeat(10);
    Path csv = Files.writeString(folder.resolve("sentences.csv"), sentences);
    for (int cut : new int[] {0, 7}) {
      assertThatThrownBy(
              () -> EncoderTask.open(EncoderTask.MINILM, () -> encoder, csv, csv, true, cut, 1))
          .hasMessage("layers below the cut: expected a number from 1 to 6, found " + cut);
    }
    assertThatThrownBy(
            () -> EncoderTask.open(EncoderTask.MINILM, () -> encoder, csv, csv, false, 2, 3))
        .hasMessageContaining("sentences.csv: expected at least 32 sentences, found 20");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path noJar = Files.writeString(folder.resolve("no.jar"), "no jar");
    assertThatThrownBy(() -> PretrainedEncoder.readMiniLm(noJar))
        .hasMessageContaining("can't unpack");
    Path other;
    try (var files = Files.list(Path.of("target", "text"))) {
      other = files.filter(f -> f.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
    assertThatThrownBy(() -> PretrainedEncoder.readMiniLm(other))
        .hasMessageContaining("expected an entry all-minilm-l6-v2.onnx, found none");
    assertThatThrownBy(() -> ModelJar.MINILM.find("--weights JAR"))
        .hasMessageContaining("or --weights JAR; found neither");
  }
}
