package io.tributary.agent.trainer.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.Trainer;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class GptTrainerTest {
  private static final GptShape SHAPE = new GptShape(2, 2, 32, 32);
  private static final int BATCH = 4;
  private static final long SEED = 17;

  /** The sources of Apache Commons Lang, copied by the build. */
  private static final Corpus CORPUS =
      Corpus.read(Path.of("target", "text", "commons-lang3-sources.jar"), 3);

  @Test
  void beginsNearTheLossOfAGuessAndLearns() {
    try (Trainer trainer = open(sampler(0))) {
      double guess = StrictMath.log(256);
      assertThat(trainer.heldOutLoss()).isCloseTo(guess, within(0.1));
      assertThat(trainer.step(1).loss()).isCloseTo(guess, within(0.1));
      for (int step = 2; step <= 80; step++) {
        trainer.step(step);
      }
      // Knowing the frequency of bytes and nothing else gives about 3.2 on this text.
      assertThat(trainer.heldOutLoss()).isLessThan(3.4);
    }
  }

  @Test
  void theSameSeedParticipantAndStepGiveTheSameLoss() {
    try (Trainer one = open(sampler(1));
        Trainer two = open(sampler(1));
        Trainer other = open(sampler(2))) {
      assertThat(losses(one, 1, 8)).isEqualTo(losses(two, 1, 8));
      assertThat(values(one)).containsExactly(values(two));
      assertThat(losses(other, 1, 8)).isNotEqualTo(losses(two, 9, 16));
    }
  }

  @Test
  void aRestoredTrainerGoesOnBitForBit() throws IOException {
    try (Trainer undisturbed = open(sampler(0));
        Trainer restored = open(sampler(0))) {
      losses(undisturbed, 1, 6);
      byte[] state = save(undisturbed);
      losses(restored, 1, 2);
      restored.restoreState(in(state));
      assertThat(save(restored)).isEqualTo(state);
      assertThat(losses(restored, 7, 14)).isEqualTo(losses(undisturbed, 7, 14));
      assertThat(save(restored)).isEqualTo(save(undisturbed));
    }
  }

  @Test
  void statesThatDoNotFitAreRefusedAndChangeNothing() throws IOException {
    var wider = new GptShape(2, 2, 64, 32);
    try (Trainer trainer = open(sampler(0));
        Trainer other = open(wider, sampler(0))) {
      byte[] before = save(trainer);
      byte[] foreign = save(other);
      assertThatThrownBy(() -> trainer.restoreState(in(foreign)))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
          .hasMessageContaining("start with the options of the saved run");
      byte[] noState = before.clone();
      noState[0] ^= 1;
      assertThatThrownBy(() -> trainer.restoreState(in(noState)))
          .isInstanceOfSatisfying(
              TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
          .hasMessage("trainer state, byte 0: expected 0x54524e31, found 0x55524e31");
      byte[] torn = Arrays.copyOf(before, before.length - 1);
      torn[80] ^= 1;
      assertThatThrownBy(() -> trainer.restoreState(in(torn))).isInstanceOf(EOFException.class);
      assertThat(save(trainer)).isEqualTo(before);
    }
  }

  @Test
  void tensorsAreReadAsTheyWereWritten() {
    try (Trainer trainer = open(sampler(0));
        Trainer fresh = open(sampler(0))) {
      losses(trainer, 1, 3);
      int tensors = trainer.schema().tensors().size();
      for (int t = 0; t < tensors; t++) {
        int count = trainer.schema().tensors().get(t).elements();
        float[] values = new float[count + 2];
        trainer.read(t, values, 1);
        assertThat(values[0]).isZero();
        assertThat(values[count + 1]).isZero();
        fresh.write(t, values, 1);
      }
      assertThat(values(fresh)).containsExactly(values(trainer));
      assertThat(fresh.heldOutLoss()).isEqualTo(trainer.heldOutLoss());
      assertThat(trainer.heldOutLoss()).isEqualTo(trainer.heldOutLoss());
    }
  }

  @Test
  void severalSamplersMakeTheMeanOfTheirGradients() {
    try (Trainer alone = open(sampler(0));
        Trainer twice = open(sampler(0), sampler(0));
        Trainer joined = open(sampler(0), sampler(1), sampler(2))) {
      // (g + g) / 2 is g exactly.
      assertThat(losses(twice, 1, 5)).isEqualTo(losses(alone, 1, 5));
      assertThat(values(twice)).containsExactly(values(alone));

      assertThat(joined.step(1).tokens()).isEqualTo(3 * BATCH * SHAPE.context());
      double sum = 0;
      for (int agent = 0; agent < 3; agent++) {
        try (Trainer one = open(sampler(agent))) {
          sum += one.step(1).loss();
        }
      }
      try (Trainer again = open(sampler(0), sampler(1), sampler(2))) {
        assertThat(again.step(1).loss()).isCloseTo(sum / 3, within(1e-9));
      }
    }
  }

  /** The engine must not look at memory that Java has taken back. */
  @Test
  void theGarbageCollectorDoesNotDisturbAStep() throws InterruptedException {
    List<Double> undisturbed;
    try (Trainer trainer = open(sampler(0))) {
      undisturbed = losses(trainer, 1, 25);
    }
    var stop = new AtomicBoolean();
    var collector =
        new Thread(
            () -> {
              while (!stop.get()) {
                System.gc();
              }
            },
            "garbage collector's caller");
    collector.start();
    try (Trainer trainer = open(sampler(0))) {
      assertThat(losses(trainer, 1, 25)).isEqualTo(undisturbed);
    } finally {
      stop.set(true);
      collector.join();
    }
  }

  @Test
  void nativeMemoryDoesNotGrow() throws IOException {
    try (Trainer trainer = open(sampler(0))) {
      losses(trainer, 1, 100);
      trainer.heldOutLoss();
      long before = residentKilobytes();
      losses(trainer, 101, 600);
      trainer.heldOutLoss();
      trainer.sample("x", 40, 1);
      // Parameters alone, left behind by each step, would be 75 MB, activations ten times that. The
      // Java heap is resident too and was seen to grow by 25 MB.
      assertThat(residentKilobytes() - before).isLessThan(60_000);
    }
  }

  @Test
  void samplesRepeatAndContinueThePrompt() {
    try (Trainer trainer = open(sampler(0))) {
      losses(trainer, 1, 30);
      String text = trainer.sample("public ", 50, 4);
      assertThat(text).startsWith("public ");
      assertThat(trainer.sample("public ", 50, 4)).isEqualTo(text);
      assertThat(trainer.sample("public ", 50, 5)).isNotEqualTo(text);
      assertThat(trainer.sample("", 3, 1)).startsWith("\n");
    }
  }

  @Test
  void trainersOfOneProcessTakeTurns() throws InterruptedException {
    List<Double> expected;
    try (Trainer trainer = open(sampler(0))) {
      expected = losses(trainer, 1, 10);
    }
    List<List<Double>> found = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      var thread =
          new Thread(
              () -> {
                try (Trainer trainer = open(sampler(0))) {
                  List<Double> losses = losses(trainer, 1, 10);
                  synchronized (found) {
                    found.add(losses);
                  }
                }
              },
              "trainer " + i);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(found).containsExactly(expected, expected, expected);
  }

  @Test
  void windowsThatDoNotFitTheModelAreRefused() {
    WindowSampler longer = CORPUS.sampler(0, SEED, 64, BATCH);
    assertThatThrownBy(() -> open(longer))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTING))
        .hasMessageContaining("the model's context 32 in all, found 1 samplers with contexts [64]");
    assertThatThrownBy(() -> open()).hasMessageContaining("at least one sampler");
    assertThatThrownBy(() -> TrainerProvider.named("abacus"))
        .hasMessage("training engine: expected one of djl, found abacus");
  }

  private static WindowSampler sampler(int agent) {
    return CORPUS.sampler(agent, SEED, SHAPE.context(), BATCH);
  }

  private static Trainer open(WindowSampler... samplers) {
    return open(SHAPE, samplers);
  }

  private static Trainer open(GptShape shape, WindowSampler... samplers) {
    var plan = new TrainingPlan(shape, LearningRate.constant(3e-3, 5), AdamW.Options.defaults());
    return TrainerProvider.named("djl")
        .open(plan, SEED, List.of(samplers), CORPUS.heldOut(shape.context(), 40));
  }

  private static List<Double> losses(Trainer trainer, int from, int to) {
    var losses = new ArrayList<Double>();
    for (int step = from; step <= to; step++) {
      losses.add(trainer.step(step).loss());
    }
    return losses;
  }

  private static float[] values(Trainer trainer) {
    float[] all = new float[(int) trainer.schema().parameters()];
    int at = 0;
    for (int t = 0; t < trainer.schema().tensors().size(); t++) {
      trainer.read(t, all, at);
      at += trainer.schema().tensors().get(t).elements();
    }
    return all;
  }

  private static byte[] save(Trainer trainer) throws IOException {
    var bytes = new ByteArrayOutputStream();
    trainer.saveState(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }

  private static long residentKilobytes() throws IOException {
    return Files.readString(Path.of("/proc/self/status"))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
