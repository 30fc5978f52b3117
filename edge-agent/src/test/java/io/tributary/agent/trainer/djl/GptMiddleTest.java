package io.tributary.agent.trainer.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.tributary.agent.split.SplitClient;
import io.tributary.agent.split.SplitMiddleServer;
import io.tributary.agent.split.SplitServer;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.FlatLayout;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitMiddle;
import io.tributary.agent.trainer.SplitPart;
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
import io.tributary.store.FloatArrays;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model that is cut twice, with the server between. */
class GptMiddleTest {
  private static final long SEED = Long.getLong("test.seed", 11);
  private static final GptShape SHAPE = new GptShape(3, 2, 32, 16);
  private static final int BATCH = 4;
  private static final int VALUES = BATCH * SHAPE.context() * SHAPE.width();
  private static final int[] SAMPLES = {0, 1, 2, 3};
  private static final TrainerProvider ENGINE = TrainerProvider.named("djl");
  private static final LearnedCodecs CODECS = LearnedCodecs.load(CodecRegistry.load());

  private static SplitTrainingPlan plan(int cut, int lastCut, AdamW.Options options) {
    return new SplitTrainingPlan(
        new TrainingPlan(SHAPE, LearningRate.constant(0.003, 5), options), cut, lastCut);
  }

  private static SplitTrainingPlan plan(int cut, int lastCut) {
    return plan(cut, lastCut, AdamW.Options.defaults());
  }

  private static CutPlan cut(double bits) {
    return new CutPlan(SHAPE.width(), BATCH * SHAPE.context(), bits, Math.max(bits, 6), 60, 3);
  }

  /** Each byte is one more than that before it, or begins anew. */
  private static long[] windows(Random random) {
    var windows = new long[BATCH * (SHAPE.context() + 1)];
    for (int i = 0; i < windows.length; i++) {
      boolean begins = i % (SHAPE.context() + 1) == 0 || random.nextInt(8) == 0;
      windows[i] = begins ? random.nextInt(GptShape.VOCABULARY) : (windows[i - 1] + 1) & 0xFF;
    }
    return windows;
  }

  /** Client and server of a model whose labels stay at the client. */
  private record Ends(SplitClient bottom, SplitMiddleServer middle, SplitServer head) {
    double learn(long[] windows) {
      SplitClient.Outgoing up = bottom.send(windows, SHAPE.context(), SAMPLES);
      if (up.table().length > 0) {
        middle.table(up.table());
      }
      SplitClient.Outgoing down = middle.forward(up.message());
      if (down.table().length > 0) {
        head.table(down.table());
      }
      SplitServer.Answer back = head.learn(down.message(), windows, SHAPE.context());
      bottom.receive(up.rows(), middle.backward(down.rows(), back.message()));
      return back.loss();
    }

    void update(long step) {
      bottom.update(step);
      head.update(step);
      middle.update();
    }
  }

  private static Ends ends(
      SplitBottom bottom, SplitMiddle middle, SplitTop head, String codec, double bits) {
    CutPlan cut = cut(bits);
    return new Ends(
        new SplitClient(bottom, CODECS.open(codec, cut), cut),
        new SplitMiddleServer(
            middle, CODECS.openPeer(codec, cut), CODECS.open(codec, cut), cut, SHAPE.context()),
        new SplitServer(head, CODECS.openPeer(codec, cut), cut));
  }

  /** The same model uncut, with an output table of its own as the cut one has. */
  private static final class Whole extends GptPart {
    private final int tensorsBelow;

    Whole(SplitTrainingPlan plan, ModelSchema schema, int tensorsBelow) {
      super(Engine.getEngine("PyTorch"), plan, schema, SEED);
      this.tensorsBelow = tensorsBelow;
    }

    double learn(long[] windows) {
      EngineTensors.COLLECTING.lock();
      try (NDManager scope = manager.newSubManager()) {
        NDList tensors = toEngine(scope, true);
        var below = new NDList(tensors.subList(0, tensorsBelow));
        var above = new NDList(tensors.subList(tensorsBelow, tensors.size()));
        NDArray inputs = tokens(scope, windows, BATCH, ":, :-1");
        NDArray targets = tokens(scope, windows, BATCH, ":, 1:");
        int cut = plan.cut();
        double loss =
            learn(
                () ->
                    GptGraph.loss(
                        graph.top(above, graph.bottom(below, inputs, cut), SHAPE.layers() - cut),
                        targets));
        add(tensors);
        return loss;
      } finally {
        EngineTensors.COLLECTING.unlock();
      }
    }
  }

  private static byte[] state(SplitPart part) throws IOException {
    var state = new ByteArrayOutputStream();
    part.saveState(new DataOutputStream(state));
    return state.toByteArray();
  }

  private static void restore(SplitPart part, byte[] state) throws IOException {
    part.restoreState(new DataInputStream(new ByteArrayInputStream(state)));
  }

  /** The parameters of a part by their tensors' names. */
  private static Map<String, float[]> parameters(SplitPart part) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(state(part)));
    in.readInt();
    in.readUTF();
    var layout = new FlatLayout(part.schema());
    var values = new float[layout.length()];
    FloatArrays.read(in, values);
    var found = new TreeMap<String, float[]>();
    List<TensorSpec> tensors = part.schema().tensors();
    for (int t = 0; t < tensors.size(); t++) {
      found.put(
          tensors.get(t).name(),
          Arrays.copyOfRange(values, layout.offset(t), layout.offset(t) + layout.elements(t)));
    }
    return found;
  }

  /** Gives a part parameters by their names, with an optimizer that has done nothing. */
  private static void set(SplitPart part, Map<String, float[]> from, AdamW.Options options)
      throws IOException {
    var layout = new FlatLayout(part.schema());
    var values = new float[layout.length()];
    List<TensorSpec> tensors = part.schema().tensors();
    for (int t = 0; t < tensors.size(); t++) {
      float[] tensor = Objects.requireNonNull(from.get(tensors.get(t).name()));
      System.arraycopy(tensor, 0, values, layout.offset(t), tensor.length);
    }
    var state = new ByteArrayOutputStream();
    var out = new DataOutputStream(state);
    out.writeInt(new DataInputStream(new ByteArrayInputStream(state(part))).readInt());
    out.writeUTF(part.schema().hash());
    FloatArrays.write(out, values);
    new AdamW(layout, options).save(out);
    restore(part, state.toByteArray());
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "1, 2", "2, 3"})
  void throughFloat32ItTrainsBitForBitAsTheModelInOnePiece(int cut, int lastCut)
      throws IOException {
    // The norm of a gradient is that of a part: without a limit to it, parts train as the whole.
    var options = new AdamW.Options(0.9f, 0.95f, 1e-8f, 0.1f, 0);
    SplitTrainingPlan plan = plan(cut, lastCut, options);
    var tensors = new ArrayList<TensorSpec>(SHAPE.bottomSchema(cut).tensors());
    int below = tensors.size();
    tensors.addAll(SHAPE.topSchema(cut).tensors());
    try (var whole = new Whole(plan, new ModelSchema(tensors), below);
        SplitBottom bottom = ENGINE.openBottom(plan, 1);
        SplitMiddle middle = ENGINE.openMiddle(plan, 2);
        SplitTop head = ENGINE.openTop(plan, 3)) {
      Map<String, float[]> initial = parameters(whole);
      set(bottom, initial, options);
      set(middle, initial, options);
      set(head, initial, options);
      Ends ends = ends(bottom, middle, head, "raw32", 16);
      var random = new Random(SEED);
      for (int step = 1; step <= 12; step++) {
        for (int m = 0; m < 2; m++) {
          long[] windows = windows(random);
          assertThat(ends.learn(windows)).as("step %d", step).isEqualTo(whole.learn(windows));
        }
        ends.update(step);
        middle.update(step);
        whole.update(step);
      }
      Map<String, float[]> cutApart = parameters(bottom);
      cutApart.putAll(parameters(middle));
      cutApart.putAll(parameters(head));
      Map<String, float[]> expected = parameters(whole);
      assertThat(cutApart.keySet()).isEqualTo(expected.keySet());
      expected.forEach((name, values) -> assertThat(cutApart.get(name)).isEqualTo(values));
      assertThat(expected.get("output.table")).isNotEqualTo(initial.get("output.table"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw32", "amaq", "amaqec"})
  void itLearnsThroughCodecsAtBothCuts(String codec) {
    SplitTrainingPlan plan = plan(1, 3);
    try (SplitBottom bottom = ENGINE.openBottom(plan, 1);
        SplitMiddle middle = ENGINE.openMiddle(plan, 2);
        SplitTop head = ENGINE.openTop(plan, 3)) {
      Ends ends = ends(bottom, middle, head, codec, 4);
      var random = new Random(SEED);
      double first = 0;
      double last = 0;
      for (int step = 1; step <= 60; step++) {
        double loss = ends.learn(windows(random));
        ends.update(step);
        middle.update(step);
        first += step <= 5 ? loss / 5 : 0;
        last += step > 55 ? loss / 5 : 0;
      }
      assertThat(first).isGreaterThan(5.2);
      assertThat(last).as("seed %d", SEED).isLessThan(0.9 * first);
    }
  }

  @Test
  void aRestoredMiddleGoesOnBitForBit() throws IOException {
    try (SplitMiddle one = ENGINE.openMiddle(plan(1, 3), 1);
        SplitMiddle two = ENGINE.openMiddle(plan(1, 3), 2)) {
      float[] activations = sines(VALUES);
      var gradients = new float[VALUES];
      Arrays.fill(gradients, 1e-3f);
      var below = new float[VALUES];
      one.backward(activations, BATCH, gradients, below);
      one.update(1);
      restore(two, state(one));
      var expected = new float[VALUES];
      var found = new float[VALUES];
      for (int t = 2; t < 5; t++) {
        one.backward(activations, BATCH, gradients, below);
        two.backward(activations, BATCH, gradients, below);
        one.update(t);
        two.update(t);
        one.forward(activations, BATCH, expected);
        two.forward(activations, BATCH, found);
        assertThat(found).containsExactly(expected);
      }
    }
  }

  @Test
  void whatIsNoNumberRefusesTheStep() {
    SplitTrainingPlan plan = plan(1, 3);
    try (SplitBottom bottom = ENGINE.openBottom(plan, 1);
        SplitMiddle middle = ENGINE.openMiddle(plan, 2);
        SplitTop head = ENGINE.openTop(plan, 3)) {
      SplitMiddleServer end = ends(bottom, middle, head, "raw32", 16).middle();
      float[] bad = sines(VALUES);
      bad[SHAPE.width() + 5] = Float.NaN;
      assertThatThrownBy(() -> end.forward(raw(bad)))
          .isInstanceOfSatisfying(
              TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NON_FINITE))
          .hasMessageContaining("found NaN in row 1, channel 5");
      SplitClient.Outgoing down = end.forward(raw(sines(VALUES)));
      assertThatThrownBy(() -> end.backward(down.rows(), raw(bad)))
          .hasMessageContaining("gradients of message 0: expected numbers, found NaN");
      end.abandon(down.rows());
      assertThatThrownBy(() -> end.backward(down.rows(), raw(bad)))
          .hasMessageContaining("expected those of a batch under way, found message 0");
    }
  }

  private static byte[] raw(float[] values) {
    try (var codec = CODECS.open("raw32", cut(16))) {
      var rows = io.tributary.codec.CutRows.ordinary(0, values.length / SHAPE.width());
      var bytes = new byte[codec.maxEncodedLength(rows.count())];
      return Arrays.copyOf(bytes, codec.encode(rows, values, 0, bytes, 0));
    }
  }

  @Test
  void aHeadWithoutTheTableAsks() {
    SplitTrainingPlan plan = plan(1, 3);
    try (SplitBottom bottom = ENGINE.openBottom(plan, 1);
        SplitMiddle middle = ENGINE.openMiddle(plan, 2);
        SplitTop head = ENGINE.openTop(plan, 3)) {
      Ends ends = ends(bottom, middle, head, "amaq", 4);
      long[] windows = windows(new Random(SEED));
      SplitClient.Outgoing up = ends.bottom().send(windows, SHAPE.context(), SAMPLES);
      ends.middle().table(up.table());
      SplitClient.Outgoing down = ends.middle().forward(up.message());
      assertThat(down.table()).isNotEmpty();
      assertThatThrownBy(() -> ends.head().learn(down.message(), windows, SHAPE.context()))
          .isInstanceOfSatisfying(
              UnknownTableException.class,
              e -> ends.head().table(ends.middle().answer(ends.head().request(e.version()))));
      assertThat(ends.head().learn(down.message(), windows, SHAPE.context()).loss())
          .isBetween(5.3, 5.8);
    }
  }

  @Test
  void cutsOutsideTheModelAreRefused() {
    assertThatThrownBy(() -> plan(1, 4))
        .hasMessage("layers below the last cut: expected 1 to 3, found 4");
    assertThatThrownBy(() -> plan(2, 1))
        .hasMessage("layers below the last cut: expected 2 to 3, found 1");
    assertThatThrownBy(() -> ENGINE.openMiddle(plan(1, 1), 1))
        .hasMessage("layers between two cuts: expected 1 or more, found 0");
  }

  private static float[] sines(int count) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) StrictMath.sin(i);
    }
    return values;
  }
}
