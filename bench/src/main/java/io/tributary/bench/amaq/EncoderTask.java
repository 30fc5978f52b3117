package io.tributary.bench.amaq;

import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.EncoderWeights;
import io.tributary.agent.trainer.FrozenLayers;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.SentenceWindows;
import io.tributary.agent.trainer.SplitBottom;
import io.tributary.agent.trainer.SplitEncoderPlan;
import io.tributary.agent.trainer.SplitTop;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * A pre-trained encoder that learns to tell classes of sentences: frozen, with low-rank adapters in
 * layers on both sides of the cut and a head. Each seed draws its own sentences from the training
 * file. What the lowest layers give, which have no adapters, is computed once for all runs. The
 * head sees the mean of the last layer's tokens, BERT's too: its first token was trained to tell
 * whether two sentences follow each other.
 *
 * <p>Batches have sentences of similar length, because the engine computes padding as well.
 */
final class EncoderTask implements CutTask {
  /** The model of the rows that the aims are measured on. */
  static final String MINILM = "all-MiniLM-L6-v2 on sentences";

  /** The other one. */
  static final String BERT = "BERT-base on sentences";

  private static final String ENGINE = "djl";

  /** Batches of similar lengths are cut from so many batches' sentences. */
  private static final int SORTED_BATCHES = 10;

  private final String model;
  private final EncoderScale scale;
  private final EncoderWeights weights;
  private final SplitEncoderPlan plan;
  private final List<Example> train;
  private final List<Example> eval;

  /** A sentence's tokens and its class. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Example(int[] tokens, int label) {}

  /**
   * The task of two files.
   *
   * @param model {@link #MINILM} or {@link #BERT}
   * @param encoder reads the model's weights and vocabulary, once both files are known to be right
   * @param quick for the short form, which has its own number of steps
   * @throws TributaryException {@code INVALID_SETTING} for files without what is needed
   */
  static EncoderTask open(
      String model,
      Supplier<PretrainedEncoder> encoder,
      Path train,
      Path eval,
      boolean quick,
      int cut,
      int steps) {
    LabelledSentences taught = LabelledSentences.read(train);
    LabelledSentences asked = LabelledSentences.read(eval);
    Map<String, Integer> classes = classes(taught);
    for (LabelledSentences.Sentence sentence : asked.sentences()) {
      if (!classes.containsKey(sentence.label())) {
        throw new TributaryException(
            ErrorCode.INVALID_SETTING,
            eval
                + ", line "
                + sentence.line()
                + ": expected a label of "
                + train
                + ", found '"
                + sentence.label()
                + "'");
      }
    }
    int heldOut = asked.sentences().size();
    int data = 31 * taught.fingerprint() + asked.fingerprint();
    EncoderScale scale =
        quick
            ? EncoderScale.quick(cut, classes.size(), heldOut, data)
            : EncoderScale.full(
                cut, steps, taught.sentences().size(), classes.size(), heldOut, data);
    return new EncoderTask(model, scale, encoder.get(), taught, asked, classes);
  }

  /** Labels in the order of the alphabet. */
  private static Map<String, Integer> classes(LabelledSentences sentences) {
    var classes = new HashMap<String, Integer>();
    sentences.sentences().stream()
        .map(LabelledSentences.Sentence::label)
        .distinct()
        .sorted()
        .forEach(label -> classes.put(label, classes.size()));
    if (classes.size() < 2) {
      throw new TributaryException(
          ErrorCode.INVALID_SETTING,
          sentences.path() + ": expected 2 labels or more, found " + classes.size());
    }
    return classes;
  }

  private EncoderTask(
      String model,
      EncoderScale scale,
      PretrainedEncoder encoder,
      LabelledSentences taught,
      LabelledSentences asked,
      Map<String, Integer> classes) {
    this.model = model;
    this.scale = scale;
    weights = encoder.weights();
    plan = plan(scale.cut());
    train = examples(taught, encoder, classes);
    eval = examples(asked, encoder, classes);
    if (train.size() < scale.batch() * scale.epoch()) {
      throw new TributaryException(
          ErrorCode.INVALID_SETTING,
          taught.path()
              + ": expected at least "
              + scale.batch() * scale.epoch()
              + " sentences, found "
              + train.size());
    }
  }

  private SplitEncoderPlan plan(int cut) {
    var rate = new LearningRate(scale.learningRate(), scale.warmup(), scale.steps());
    // A cut outside the encoder is for the plan to refuse.
    var frozen = new FrozenLayers(Math.max(0, cut == scale.cut() ? scale.frozen() : cut - 1));
    return new SplitEncoderPlan(
        weights, cut, frozen, scale.rank(), scale.classes(), rate, AdamW.Options.defaults());
  }

  private List<Example> examples(
      LabelledSentences sentences, PretrainedEncoder encoder, Map<String, Integer> classes) {
    var examples = new ArrayList<Example>();
    for (LabelledSentences.Sentence sentence : sentences.sentences()) {
      Integer label = classes.get(sentence.label());
      if (label == null) {
        throw Errors.invalidSetting("label", sentence.label(), "a known one");
      }
      examples.add(new Example(encoder.tokens(sentence.text(), scale.length()), label));
    }
    return examples;
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public Record scale() {
    return scale;
  }

  @Override
  public int channels() {
    return weights.shape().width();
  }

  @Override
  public int maxRows() {
    return scale.batch() * scale.length();
  }

  @Override
  public int steps() {
    return scale.steps();
  }

  @Override
  public SplitBottom openBottom(long seed) {
    return TrainerProvider.named(ENGINE).openEncoderBottom(plan, seed);
  }

  @Override
  public SplitTop openTop(long seed) {
    return TrainerProvider.named(ENGINE).openEncoderTop(plan, seed);
  }

  @Override
  public IntFunction<CutBatch> training(long seed) {
    var random = new Random(seed);
    var order = numbers(train.size());
    Collections.shuffle(order, random);
    List<Integer> drawn = order.subList(0, scale.batch() * scale.epoch());
    var batches = new ArrayList<CutBatch>();
    while (batches.size() < scale.steps()) {
      batches.addAll(epoch(drawn, random));
    }
    return step -> batches.get(step - 1);
  }

  private List<CutBatch> epoch(List<Integer> drawn, Random random) {
    var order = new ArrayList<Integer>(drawn);
    Collections.shuffle(order, random);
    int sorted = SORTED_BATCHES * scale.batch();
    for (int from = 0; from < order.size(); from += sorted) {
      order
          .subList(from, Math.min(order.size(), from + sorted))
          .sort(Comparator.comparingInt(i -> train.get(i).tokens().length));
    }
    List<CutBatch> batches = batches(train, order, 0);
    Collections.shuffle(batches, random);
    return batches;
  }

  @Override
  public List<CutBatch> heldOut() {
    List<Integer> order = numbers(scale.heldOut());
    order.sort(Comparator.comparingInt(i -> eval.get(i).tokens().length));
    // Numbers beyond those of the training data: nothing is remembered of them.
    return batches(eval, order, train.size());
  }

  private static List<Integer> numbers(int count) {
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private List<CutBatch> batches(List<Example> examples, List<Integer> order, int firstSample) {
    int length = scale.length();
    var batches = new ArrayList<CutBatch>();
    for (int first = 0; first < order.size(); first += scale.batch()) {
      List<Integer> here = order.subList(first, Math.min(order.size(), first + scale.batch()));
      var windows = new long[here.size() * (length + 1)];
      var samples = new int[here.size()];
      long rows = 0;
      for (int w = 0; w < samples.length; w++) {
        Example example = examples.get(here.get(w));
        SentenceWindows.write(example.tokens(), example.label(), length, windows, w);
        samples[w] = firstSample + here.get(w);
        rows += example.tokens().length;
      }
      batches.add(new CutBatch(windows, length, samples, rows, samples.length));
    }
    return batches;
  }

  @Override
  public double guess() {
    return StrictMath.log(scale.classes());
  }

  /** How unequal the channels are behind each layer, before anything is learned. */
  List<CutChannels> channelsByCut(int messages) {
    List<CutBatch> batches = heldOut();
    var found = new ArrayList<CutChannels>();
    for (int cut = 1; cut <= weights.shape().layers(); cut++) {
      var channels = new ChannelSpread(channels());
      try (SplitBottom bottom = TrainerProvider.named(ENGINE).openEncoderBottom(plan(cut), 1)) {
        var activations = new float[maxRows() * channels()];
        // Evenly from the shortest sentences to the longest.
        for (int m = 0; m < Math.min(messages, batches.size()); m++) {
          CutBatch batch = batches.get(m * batches.size() / Math.min(messages, batches.size()));
          int count = batch.samples().length;
          bottom.forward(batch.windows(), count, activations);
          channels.add(activations, new SentenceWindows(batch.windows(), count));
        }
      }
      found.add(channels.found(cut));
    }
    return found;
  }
}
