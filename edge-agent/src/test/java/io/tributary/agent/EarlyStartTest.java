package io.tributary.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.file.safetensors.SafetensorsWriter;
import io.tributary.link.StreamKind;
import io.tributary.run.EncodedPart;
import io.tributary.run.Fragment;
import io.tributary.run.JoinReply;
import io.tributary.run.MessageKind;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorSlice;
import io.tributary.run.TestModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Training on a coarse copy of the model while the exact one is on its way. */
@Timeout(30)
class EarlyStartTest {
  private static final RunManifest MANIFEST = TestModels.manifest(2, 2);
  private static final CodecRegistry CODECS = CodecRegistry.load();
  private static final String CODEC = "int8block";

  /** With every fragment at version 1, fragment 1 is sent next, after step 8, and was after 2. */
  private static final int EARLY_STEPS = 5;

  @TempDir Path folder;

  private final CoordinatorSession session =
      new CoordinatorSession("a", MANIFEST.schema(), null, CODEC, 0);
  private final NotingLink link = new NotingLink();
  private final OuterParameters exact = OuterParameters.initial(MANIFEST.schema(), 99);
  private final StepTrainer trainer = new StepTrainer(MANIFEST.schema(), 3, 1);

  private void join() {
    session.connected(link);
    var reply = new JoinReply(MANIFEST, 1, true, List.of(1, 1, 1), List.of(1, 1, 1));
    session.message(link, MessageKind.WELCOME.number(), RunDocuments.toBytes(reply));
  }

  private DilocoWorker worker() {
    return new DilocoWorker(
        MANIFEST, session, CODECS, trainer, AgentStore.open(folder), choice -> {});
  }

  private void arrives(StreamKind kind, String codec) {
    for (Fragment fragment : MANIFEST.fragmentMap().fragments()) {
      var parts = new ArrayList<EncodedPart>();
      for (TensorSlice slice : fragment.slices()) {
        parts.add(encoded(slice, CODECS.codec(codec)));
      }
      session.stream(link, new ArrivingStream(kind, fragment.index(), 1, parts));
    }
  }

  private EncodedPart encoded(TensorSlice slice, TensorCodec codec) {
    float[] values = exact.slice(slice);
    var bytes = new byte[codec.maxEncodedLength(values.length)];
    int length = codec.encode(values, 0, values.length, bytes, 0);
    return new EncodedPart(
        slice.tensor(),
        slice.first(),
        values.length,
        codec.id().number(),
        codec.id().version(),
        Arrays.copyOf(bytes, length));
  }

  /** What an early agent's local values are: coarse ones, trained, and moved to the exact ones. */
  private float[][] expected() {
    var twin = new StepTrainer(MANIFEST.schema(), 4, 1);
    float[][] coarse = new float[MANIFEST.schema().tensors().size()][];
    for (int t = 0; t < coarse.length; t++) {
      coarse[t] = new float[MANIFEST.schema().tensors().get(t).elements()];
    }
    for (Fragment fragment : MANIFEST.fragmentMap().fragments()) {
      for (TensorSlice slice : fragment.slices()) {
        EncodedPart part = encoded(slice, CODECS.codec(CODEC));
        CODECS
            .codec(CODEC)
            .decode(
                part.bytes(),
                0,
                part.bytes().length,
                slice.count(),
                coarse[slice.tensor()],
                slice.first());
      }
    }
    for (int t = 0; t < coarse.length; t++) {
      twin.write(t, coarse[t], 0);
    }
    for (int step = 3; step < 3 + EARLY_STEPS; step++) {
      twin.step(step);
    }
    for (int t = 0; t < coarse.length; t++) {
      var local = new float[coarse[t].length];
      twin.read(t, local, 0);
      float[] outer = exact.tensor(t);
      for (int i = 0; i < local.length; i++) {
        coarse[t][i] = local[i] + (outer[i] - coarse[t][i]);
      }
    }
    return coarse;
  }

  @Test
  void whatIsLearntOnTheCoarseCopyIsKeptAsAChangeOfTheExactOne() throws Exception {
    join();
    var steps = new ArrayList<Integer>();
    var trained = new CountDownLatch(EARLY_STEPS);
    try (DilocoWorker worker = worker()) {
      CompletableFuture<Long> joining =
          CompletableFuture.supplyAsync(
              () ->
                  worker.joinEarly(
                      (step, result) -> {
                        steps.add(step);
                        trained.countDown();
                      }));
      arrives(StreamKind.OUTLINE, CODEC);
      assertThat(trained.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(link.messages)
          .as("no checksum of coarse values")
          .containsExactly(MessageKind.JOIN);
      assertThat(joining).as("it waits for the exact values").isNotDone();
      arrives(StreamKind.SNAPSHOT, "raw32");
      assertThat(joining.get(20, TimeUnit.SECONDS)).isPositive();
      assertThat(steps).containsExactly(3, 4, 5, 6, 7);
      assertThat(worker.step()).isEqualTo(7);
      assertThat(worker.theta().fingerprint()).isEqualTo(exact.fingerprint());
      assertThat(link.sent).as("no contribution yet").isEmpty();
      assertThat(link.messages)
          .containsExactly(
              MessageKind.JOIN, MessageKind.CHECKSUM, MessageKind.CHECKSUM, MessageKind.CHECKSUM);
      float[][] expected = expected();
      for (int t = 0; t < expected.length; t++) {
        var local = new float[expected[t].length];
        trainer.read(t, local, 0);
        assertThat(local).containsExactly(expected[t], within(0f));
      }
    }
  }

  @Test
  void aModelFromAFileIsAsGoodACopy() throws Exception {
    Path file = folder.resolve("older.safetensors");
    var older = new StepTrainer(MANIFEST.schema(), 5, 1);
    try (var weights = new TrainerWeights(older, Map.of())) {
      SafetensorsWriter.write(weights, file);
    }
    join();
    var trained = new CountDownLatch(EARLY_STEPS);
    try (ModelCopy copy = ModelCopy.open(file, MANIFEST.schema());
        DilocoWorker worker = worker()) {
      CompletableFuture<Long> joining =
          CompletableFuture.supplyAsync(
              () ->
                  worker.joinEarly(copy, List.of(1, 1, 1), (step, result) -> trained.countDown()));
      assertThat(trained.await(20, TimeUnit.SECONDS)).as("nothing has come yet").isTrue();
      assertThat(joining).as("it waits for the exact values").isNotDone();
      assertThat(link.messages).containsExactly(MessageKind.JOIN);
      arrives(StreamKind.SNAPSHOT, "raw32");
      assertThat(joining.get(20, TimeUnit.SECONDS)).isEqualTo(session.bytesDown());
      assertThat(worker.step()).isEqualTo(7);
      assertThat(worker.theta().fingerprint()).isEqualTo(exact.fingerprint());
      assertThat(link.sent).as("no contribution yet").isEmpty();
      var twin = new StepTrainer(MANIFEST.schema(), 5, 1);
      for (int step = 3; step < 3 + EARLY_STEPS; step++) {
        twin.step(step);
      }
      for (int t = 0; t < MANIFEST.schema().tensors().size(); t++) {
        float[] outer = exact.tensor(t);
        float[] before = values(new StepTrainer(MANIFEST.schema(), 5, 1), t);
        float[] learnt = values(twin, t);
        float[] local = values(trainer, t);
        for (int i = 0; i < outer.length; i++) {
          assertThat(local[i]).isEqualTo(learnt[i] + (outer[i] - before[i]));
        }
      }
    }
  }

  private static float[] values(StepTrainer of, int tensor) {
    var values = new float[MANIFEST.schema().tensors().get(tensor).elements()];
    of.read(tensor, values, 0);
    return values;
  }

  @Test
  void exactValuesThatAreThereFirstAreTakenAsTheyAre() {
    join();
    arrives(StreamKind.SNAPSHOT, "raw32");
    try (DilocoWorker worker = worker()) {
      assertThat(worker.joinEarly((step, result) -> {})).isEqualTo(-1);
      assertThat(worker.theta().fingerprint()).isEqualTo(exact.fingerprint());
      assertThat(worker.step()).isEqualTo(7);
    }
  }
}
