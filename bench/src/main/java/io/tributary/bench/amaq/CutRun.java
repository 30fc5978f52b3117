package io.tributary.bench.amaq;

import io.tributary.agent.split.SplitClient;
import io.tributary.agent.split.SplitServer;
import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.HeldOutWindows;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import io.tributary.codec.CutPlan;
import io.tributary.codec.LearnedCodecs;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.Arrays;

/** Trains one model through one codec, both ends in this process, the bytes really written. */
final class CutRun {
  private static final String ENGINE = "djl";
  private static final String MODEL = "small GPT on text";
  private static final int MOST_BITS = 16;

  private final CutScale scale;
  private final Corpus corpus;
  private final LearnedCodecs codecs;

  CutRun(CutScale scale, Corpus corpus, LearnedCodecs codecs) {
    this.scale = scale;
    this.corpus = corpus;
    this.codecs = codecs;
  }

  CutEffectRow run(CutMethod method, long seed) {
    GptShape shape = scale.shape();
    var rate = new LearningRate(scale.learningRate(), scale.warmup(), scale.steps());
    var training =
        new SplitTrainingPlan(new TrainingPlan(shape, rate, AdamW.Options.defaults()), scale.cut());
    int rows = scale.batch() * shape.context();
    double last = Math.min(MOST_BITS, method.last());
    var plan =
        new CutPlan(
            shape.width(), rows, last, Math.min(MOST_BITS, method.start()), scale.steps(), seed);
    TrainerProvider engine = TrainerProvider.named(ENGINE);
    try (var client =
            new SplitClient(
                engine.openBottom(training, seed), codecs.open(method.codec(), plan), plan);
        var server =
            new SplitServer(
                engine.openTop(training, seed + 1), codecs.openPeer(method.codec(), plan), plan)) {
      return new Ends(client, server, seed).train(method);
    }
  }

  /** The two ends of one run, and the bytes between them. */
  private final class Ends {
    private final SplitClient client;
    private final SplitServer server;
    private final long seed;
    private long bytes;
    private long tableBytes;

    Ends(SplitClient client, SplitServer server, long seed) {
      this.client = client;
      this.server = server;
      this.seed = seed;
    }

    CutEffectRow train(CutMethod method) {
      int context = scale.shape().context();
      WindowSampler sampler = corpus.sampler(0, seed, context, scale.batch());
      var windows = new long[scale.batch() * (context + 1)];
      boolean diverged = false;
      try {
        for (int step = 1; step <= scale.steps(); step++) {
          int within = (step - 1) % scale.epoch();
          sampler.fill(within + 1, windows);
          var samples = new int[scale.batch()];
          Arrays.setAll(samples, w -> within * scale.batch() + w);
          step(step, windows, samples);
        }
      } catch (TributaryException e) {
        if (e.code() != ErrorCode.NON_FINITE) {
          throw e;
        }
        diverged = true;
      }
      double finalBits = mean(client.bits());
      SplitTop.Outcome outcome = diverged ? new SplitTop.Outcome(Double.MAX_VALUE, 0) : measure();
      double guess = StrictMath.log(GptShape.VOCABULARY);
      return new CutEffectRow(
          MODEL,
          method.name(),
          method.codec(),
          method.budget(),
          (double) Byte.SIZE * bytes / (2 * scale.values() * scale.steps()),
          method.last(),
          finalBits,
          seed,
          bytes,
          tableBytes,
          outcome.loss(),
          outcome.accuracy(),
          diverged || !(outcome.loss() < guess));
    }

    private void step(int step, long[] windows, int[] samples) {
      SplitClient.Outgoing out = client.send(windows, scale.shape().context(), samples);
      if (out.table().length > 0) {
        server.table(out.table());
      }
      SplitServer.Answer answer = server.learn(out.message(), windows, scale.shape().context());
      client.receive(out.rows(), answer.message());
      client.update(step);
      server.update(step);
      tableBytes += out.table().length;
      bytes += out.table().length + out.message().length + answer.message().length;
    }

    /** The held-out windows through the cut as it is at the end. */
    private SplitTop.Outcome measure() {
      int context = scale.shape().context();
      HeldOutWindows heldOut = corpus.heldOut(context, scale.heldOutWindows());
      double loss = 0;
      double accuracy = 0;
      for (int first = 0; first < heldOut.count(); first += scale.batch()) {
        int count = Math.min(scale.batch(), heldOut.count() - first);
        var windows = new long[count * (context + 1)];
        heldOut.fill(first, count, windows);
        var samples = new int[count];
        // Numbers beyond those of the training data: nothing is remembered of them.
        int unseen = scale.batch() * scale.epoch() + first;
        Arrays.setAll(samples, w -> unseen + w);
        SplitClient.Outgoing out = client.send(windows, context, samples);
        if (out.table().length > 0) {
          server.table(out.table());
        }
        SplitTop.Outcome found = server.measure(out.message(), windows, context);
        client.abandon(out.rows());
        loss += count * found.loss() / heldOut.count();
        accuracy += count * found.accuracy() / heldOut.count();
      }
      return new SplitTop.Outcome(loss, accuracy);
    }
  }

  private static double mean(float[] bits) {
    double sum = 0;
    for (float b : bits) {
      sum += b;
    }
    return sum / bits.length;
  }
}
