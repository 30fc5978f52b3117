package io.tributary.bench.amaq;

import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.HeldOutWindows;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.SplitTrainingPlan;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** A small byte-level GPT that learns a text from scratch. */
final class GptTask implements CutTask {
  private static final String ENGINE = "djl";

  private final CutScale scale;
  private final Corpus corpus;
  private final SplitTrainingPlan training;

  GptTask(CutScale scale, Corpus corpus) {
    this.scale = scale;
    this.corpus = corpus;
    var rate = new LearningRate(scale.learningRate(), scale.warmup(), scale.steps());
    training =
        new SplitTrainingPlan(
            new TrainingPlan(scale.shape(), rate, AdamW.Options.defaults()), scale.cut());
  }

  @Override
  public String model() {
    return "small GPT on text";
  }

  @Override
  public Record scale() {
    return scale;
  }

  @Override
  public int channels() {
    return scale.shape().width();
  }

  @Override
  public int maxRows() {
    return scale.batch() * scale.shape().context();
  }

  @Override
  public int steps() {
    return scale.steps();
  }

  @Override
  public SplitBottom openBottom(long seed) {
    return TrainerProvider.named(ENGINE).openBottom(training, seed);
  }

  @Override
  public SplitTop openTop(long seed) {
    return TrainerProvider.named(ENGINE).openTop(training, seed);
  }

  @Override
  public IntFunction<CutBatch> training(long seed) {
    int context = scale.shape().context();
    WindowSampler sampler = corpus.sampler(0, seed, context, scale.batch());
    return step -> {
      int within = (step - 1) % scale.epoch();
      var windows = new long[scale.batch() * (context + 1)];
      sampler.fill(within + 1, windows);
      var samples = new int[scale.batch()];
      Arrays.setAll(samples, w -> within * scale.batch() + w);
      return batch(windows, samples);
    };
  }

  @Override
  public List<CutBatch> heldOut() {
    int context = scale.shape().context();
    HeldOutWindows heldOut = corpus.heldOut(context, scale.heldOutWindows());
    var batches = new ArrayList<CutBatch>();
    for (int first = 0; first < heldOut.count(); first += scale.batch()) {
      int count = Math.min(scale.batch(), heldOut.count() - first);
      var windows = new long[count * (context + 1)];
      heldOut.fill(first, count, windows);
      var samples = new int[count];
      // Numbers beyond those of the training data: nothing is remembered of them.
      int unseen = scale.batch() * scale.epoch() + first;
      Arrays.setAll(samples, w -> unseen + w);
      batches.add(batch(windows, samples));
    }
    return batches;
  }

  private CutBatch batch(long[] windows, int[] samples) {
    int context = scale.shape().context();
    int tokens = samples.length * context;
    return new CutBatch(windows, context, samples, tokens, tokens);
  }

  @Override
  public double guess() {
    return StrictMath.log(GptShape.VOCABULARY);
  }
}
