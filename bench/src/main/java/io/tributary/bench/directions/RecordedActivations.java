package io.tributary.bench.directions;

import io.tributary.agent.split.SplitClient;
import io.tributary.agent.split.SplitServer;
import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.HeldOutWindows;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.codec.CutPlan;
import io.tributary.codec.LearnedCodecs;
import java.util.ArrayList;
import java.util.Arrays;

/** Activations of held-out text at the cut of a small GPT that was trained across it. */
final class RecordedActivations {
  /** Layers of the model of the full form. */
  static final int LAYERS = 3;

  private static final String ENGINE = "djl";
  private static final String PLAIN = "raw32";
  private static final double RATE = 0.004;
  private static final int WARMUP = 20;

  private final GptShape shape;
  private final int cut;
  private final int steps;
  private final int batch;
  private final int messages;

  private RecordedActivations(GptShape shape, int cut, int steps, int batch, int messages) {
    this.shape = shape;
    this.cut = cut;
    this.steps = steps;
    this.batch = batch;
    this.messages = messages;
  }

  /** Three layers of width 128, cut behind so many of them, 200 steps. */
  static RecordedActivations full(int cut) {
    return new RecordedActivations(new GptShape(LAYERS, 4, 128, 64), cut, 200, 4, 24);
  }

  /** Shows that everything works. */
  static RecordedActivations quick() {
    return new RecordedActivations(new GptShape(2, 2, 32, 32), 1, 10, 4, 4);
  }

  ActivationSet record(Corpus corpus, LearnedCodecs codecs, long seed) {
    var rate = new LearningRate(RATE, WARMUP, steps);
    var training =
        new SplitTrainingPlan(new TrainingPlan(shape, rate, AdamW.Options.defaults()), cut);
    int rows = batch * shape.context();
    var plan = new CutPlan(shape.width(), rows, 16, 16, steps, seed);
    TrainerProvider engine = TrainerProvider.named(ENGINE);
    SplitBottom bottom = engine.openBottom(training, seed);
    try (var client = new SplitClient(bottom, codecs.open(PLAIN, plan), plan);
        var server =
            new SplitServer(
                engine.openTop(training, seed + 1), codecs.openPeer(PLAIN, plan), plan)) {
      WindowSampler sampler = corpus.sampler(0, seed, shape.context(), batch);
      var windows = new long[batch * (shape.context() + 1)];
      var samples = new int[batch];
      Arrays.setAll(samples, w -> w);
      for (int step = 1; step <= steps; step++) {
        sampler.fill(step, windows);
        SplitClient.Outgoing out = client.send(windows, shape.context(), samples);
        SplitServer.Answer answer = server.learn(out.message(), windows, shape.context());
        client.receive(out.rows(), answer.message());
        client.update(step);
        server.update(step);
      }
      return heldOut(corpus.heldOut(shape.context(), batch * messages), bottom, windows, rows);
    }
  }

  private ActivationSet heldOut(HeldOutWindows text, SplitBottom bottom, long[] windows, int rows) {
    var recorded = new ArrayList<float[]>();
    for (int first = 0; first + batch <= text.count(); first += batch) {
      text.fill(first, batch, windows);
      var values = new float[rows * shape.width()];
      bottom.forward(windows, batch, values);
      recorded.add(values);
    }
    String name =
        "GPT of width "
            + shape.width()
            + ", behind layer "
            + cut
            + " of "
            + shape.layers()
            + ", "
            + steps
            + " steps";
    return new ActivationSet(name, shape.width(), rows, recorded);
  }
}
