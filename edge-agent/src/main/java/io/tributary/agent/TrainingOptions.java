package io.tributary.agent;

import io.tributary.agent.text.BuiltInText;
import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.HeldOutWindows;
import io.tributary.agent.text.WindowSampler;
import io.tributary.agent.trainer.AdamW;
import io.tributary.agent.trainer.GptShape;
import io.tributary.agent.trainer.LearningRate;
import io.tributary.agent.trainer.Trainer;
import io.tributary.agent.trainer.TrainerProvider;
import io.tributary.agent.trainer.TrainingPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that trains: model, text, batch, learning rate. */
final class TrainingOptions {
  @Option(
      names = "--text",
      description = "File, folder, jar or zip of text (the sources of Apache Commons Lang).")
  private @Nullable Path text;

  @Option(
      names = "--layers",
      defaultValue = "4",
      description = "Layers of the model (${DEFAULT-VALUE}).")
  private int layers;

  @Option(
      names = "--heads",
      defaultValue = "4",
      description = "Attention heads (${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--width",
      defaultValue = "128",
      description = "Width of the model (${DEFAULT-VALUE}).")
  private int width;

  @Option(
      names = "--context",
      defaultValue = "128",
      description = "Bytes that the model sees (${DEFAULT-VALUE}).")
  private int context;

  @Option(
      names = "--batch",
      defaultValue = "4",
      description = "Windows of an inner step (${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--lr",
      defaultValue = "0.003",
      description = "Inner learning rate (${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--warmup",
      defaultValue = "20",
      description = "Steps until that rate is reached (${DEFAULT-VALUE}).")
  private int warmup;

  @Option(
      names = "--heldout",
      defaultValue = "64",
      description = "Held-out windows (${DEFAULT-VALUE}).")
  private int heldOutWindows;

  @Option(
      names = "--engine",
      defaultValue = "djl",
      description = "Training engine (${DEFAULT-VALUE}).")
  private String engine;

  /** The model. */
  GptShape shape() {
    return new GptShape(layers, heads, width, context);
  }

  /** Reads the text and deals it. */
  Corpus corpus(int agents) {
    return Corpus.read(text == null ? BuiltInText.path() : text, agents);
  }

  /**
   * A trainer on the shares of the given agents; several make synchronous data parallelism in one
   * process.
   */
  Trainer open(Corpus corpus, long seed, List<Integer> agents) {
    var samplers = new ArrayList<WindowSampler>();
    for (int agent : agents) {
      samplers.add(corpus.sampler(agent, seed, context, batch));
    }
    HeldOutWindows heldOut = corpus.heldOut(context, heldOutWindows);
    var plan =
        new TrainingPlan(
            shape(), LearningRate.constant(learningRate, warmup), AdamW.Options.defaults());
    return TrainerProvider.named(engine).open(plan, seed, samplers, heldOut);
  }
}
