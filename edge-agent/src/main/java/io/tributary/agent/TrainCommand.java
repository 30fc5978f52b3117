package io.tributary.agent;

import io.tributary.agent.text.Corpus;
import io.tributary.agent.trainer.StepResult;
import io.tributary.agent.trainer.Trainer;
import io.tributary.command.EventLines;
import io.tributary.error.Errors;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary train}: one replica without any exchange, the yardstick of runs. */
@Command(
    name = "train",
    description = {
      "Trains one replica by itself, on the share of text that an agent of a run would have.",
      "With several shares each step takes the mean gradient over the windows of all: synchronous data parallelism."
    })
final class TrainCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(TrainCommand.class);
  private static final int SAMPLE_LENGTH = 300;

  @Option(
      names = "--agents",
      required = true,
      description = "How many agents the text is dealt to.")
  private int agents;

  @Option(
      names = "--shares",
      required = true,
      split = ",",
      description = "Whose shares to train on, counted from 0.")
  private List<Integer> shares;

  @Option(
      names = "--each",
      description = "Train one replica on each share instead, one after the other.")
  private boolean each;

  @Option(names = "--steps", required = true, description = "Steps to train.")
  private int steps;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Where initial values and data order come from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--prompt",
      defaultValue = "/**",
      description = "Text to continue at the end (${DEFAULT-VALUE}).")
  private String prompt;

  @Option(names = "--events", description = "Write events as JSON lines to standard output.")
  private boolean events;

  @Mixin private TrainingOptions training;

  @Override
  public Integer call() {
    Consumer<AgentEvent> listener = event -> LOG.info("{}", event);
    if (events) {
      var lines = new EventLines(System.out);
      listener = event -> lines.write((Record) event);
    }
    if (steps < 1) {
      throw Errors.invalidSetting("--steps", steps, "at least 1");
    }
    if (shares.stream().anyMatch(share -> share < 0 || share >= agents)) {
      throw Errors.invalidSetting("--shares", shares, "numbers from 0 to " + (agents - 1));
    }
    Corpus corpus = training.corpus(agents);
    for (List<Integer> replica : each ? shares.stream().map(List::of).toList() : List.of(shares)) {
      train(corpus, replica, listener);
    }
    return 0;
  }

  private void train(Corpus corpus, List<Integer> shares, Consumer<AgentEvent> listener) {
    try (Trainer trainer = training.open(corpus, seed, shares)) {
      double lossStart = trainer.heldOutLoss();
      for (int step = 1; step <= steps; step++) {
        StepResult result = trainer.step(step);
        listener.accept(new AgentEvent.Progressed(step, result.loss(), 0, 0, 0));
      }
      listener.accept(
          new AgentEvent.Evaluated(
              lossStart, trainer.heldOutLoss(), trainer.sample(prompt, SAMPLE_LENGTH, seed)));
    }
  }
}
