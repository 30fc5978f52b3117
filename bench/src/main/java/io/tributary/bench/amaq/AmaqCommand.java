package io.tributary.bench.amaq;

import io.tributary.agent.text.BuiltInText;
import io.tributary.agent.text.Corpus;
import io.tributary.bench.encoder.ModelJar;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.LearnedCodecs;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench amaq}: what codecs across a cut promise and yield. */
@Command(
    name = "amaq",
    description = "Studies of split learning: learned bits (AMAQ) against other codecs.")
public final class AmaqCommand implements Callable<Integer> {
  private static final String GPT = "gpt";
  private static final String MINILM = "minilm";
  private static final String BERT = "bert";
  private static final int CHANNEL_MESSAGES = 16;

  @Option(names = "--quick", description = "A short form, whose losses mean nothing.")
  private boolean quick;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Where initial values and data order come from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--seeds",
      defaultValue = "1",
      description = "Train with so many seeds from that one on (${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--text",
      description = "File, folder, jar or zip of text (the sources of Apache Commons Lang).")
  private @Nullable Path text;

  @Option(
      names = "--model",
      defaultValue = "gpt",
      description =
          "What is trained: gpt, a small one on text, from scratch; or on labelled sentences a"
              + " pre-trained encoder: minilm, all-MiniLM-L6-v2, or bert, BERT-base"
              + " (${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--train",
      description =
          "For encoders: a CSV file of two columns, text and label, whose first line names them.")
  private @Nullable Path train;

  @Option(names = "--eval", description = "For encoders: the same of held-out sentences.")
  private @Nullable Path eval;

  @Option(
      names = "--weights",
      description =
          "For encoders: the jar with the encoder (the one that came with the build; that of bert"
              + " comes if it is asked for: mvn -Pbert -Dmaven.test.skip=true test-compile).")
  private @Nullable Path weights;

  @Option(
      names = "--cut",
      defaultValue = "2",
      description = "For encoders: layers below the cut (${DEFAULT-VALUE}).")
  private int cut;

  @Option(
      names = "--steps",
      defaultValue = "" + EncoderScale.STEPS,
      description = "For encoders: steps of training for each method (${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--speed",
      description =
          "Instead of training, time the way across a cut of 4096 channels and back, on one"
              + " thread.")
  private boolean speed;

  @Option(
      names = "--json",
      description = "Write the figures to this file; trained rows that it has are kept.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  private final long began = System.nanoTime();

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw Errors.invalidSetting("--seeds", seeds, "at least 1");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    PrintWriter out = spec.commandLine().getOut();
    var codecs = LearnedCodecs.load(CodecRegistry.load());
    if (speed) {
      save(new CutSpeed(codecs, quick).measure(seed, out));
      return 0;
    }
    save(
        switch (model) {
          case GPT -> gpt(codecs, out);
          case MINILM, BERT -> encoder(codecs, out);
          default ->
              throw Errors.invalidSetting("--model", model, GPT + ", " + MINILM + " or " + BERT);
        });
    return 0;
  }

  private CutStudy.Figures gpt(LearnedCodecs codecs, PrintWriter out) {
    if (train != null || eval != null) {
      throw Errors.invalidSetting("--train and --eval", model, "--model " + MINILM + " or " + BERT);
    }
    CutScale scale = quick ? CutScale.quick() : CutScale.full();
    var task = new GptTask(scale, Corpus.read(text == null ? BuiltInText.path() : text, 1));
    var early = new EarlyPhase(codecs, task.channels(), task.steps());
    return new CutStudy(task, CutMethod.all(quick, early), codecs)
        .run(List.of(), new CutTests(codecs, seed).check(), seed, seeds, json, out, this::save);
  }

  private CutStudy.Figures encoder(LearnedCodecs codecs, PrintWriter out) {
    if (train == null || eval == null) {
      throw Errors.invalidSetting(
          "--model " + model,
          train == null ? "no --train" : "no --eval",
          "--train FILE and --eval FILE");
    }
    if (steps < 1) {
      throw Errors.invalidSetting("--steps", steps, "at least 1");
    }
    if (text != null) {
      throw Errors.invalidSetting("--text", model, "--model " + GPT);
    }
    boolean bert = model.equals(BERT);
    ModelJar built = bert ? ModelJar.BERT : ModelJar.MINILM;
    Path jar = weights == null ? built.find("--weights JAR") : weights;
    // Read after the sentences: they are small, and wrong more often.
    Supplier<PretrainedEncoder> encoder =
        () -> bert ? PretrainedEncoder.readBert(jar) : PretrainedEncoder.readMiniLm(jar);
    EncoderTask task =
        EncoderTask.open(
            bert ? EncoderTask.BERT : EncoderTask.MINILM, encoder, train, eval, quick, cut, steps);
    var early = new EarlyPhase(codecs, task.channels(), task.steps());
    return new CutStudy(task, CutMethod.forEncoder(quick, early), codecs)
        .run(
            task.channelsByCut(quick ? 1 : CHANNEL_MESSAGES),
            List.of(),
            seed,
            seeds,
            json,
            out,
            this::save);
  }

  private void save(Record figures) {
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", seed, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
  }
}
