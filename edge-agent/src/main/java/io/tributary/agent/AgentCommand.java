package io.tributary.agent;

import io.tributary.agent.text.Corpus;
import io.tributary.agent.trainer.Trainer;
import io.tributary.command.EventLines;
import io.tributary.command.MeasurementFacts;
import io.tributary.command.StopSignal;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.safetensors.SafetensorsWriter;
import io.tributary.link.LinkTimes;
import io.tributary.run.JoinReply;
import io.tributary.run.RunManifest;
import io.tributary.security.LinkSecurity;
import io.tributary.tensor.ModelSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary agent}: one replica of a run. */
@Command(
    name = "agent",
    description = {
      "Trains one replica and exchanges fragments with a coordinator.",
      "An agent that is started again with the same data folder goes on where it was. While the coordinator is away it waits."
    })
final class AgentCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCommand.class);
  private static final int SAMPLE_LENGTH = 300;

  @Mixin private ConnectionOptions connection;

  @Option(names = "--data", description = "Data folder (tributary-data/NAME).")
  private @Nullable Path data;

  @Option(
      names = "--early",
      paramLabel = "CODEC",
      description = {
        "If the model has to be downloaded, begin to train on a coarse copy of it, such as e3m0,"
            + " that comes ahead; contributions wait for the exact values. The same seed doesn't"
            + " give the same bits then on links of other speeds."
      })
  private @Nullable String early;

  @Option(
      names = "--early-model",
      paramLabel = "FILE",
      description =
          "As --early, on a model that is here: a file of weights in whatever format and recipe, such"
              + " as fetch gets.")
  private @Nullable Path earlyModel;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description =
          "Write the model to this file at the end of the run, as float32 in the safetensors format;"
              + " all agents of a run write the same values.")
  private @Nullable Path save;

  @Option(
      names = "--prompt",
      defaultValue = "",
      description =
          "If given, measure held-out loss at start and end and continue this text at the end.")
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
    String host = connection.host();
    int port = connection.port();
    String name = connection.name();
    if (data == null && !name.matches("[^./\\\\][^/\\\\]*")) {
      throw Errors.invalidSetting("--name", name, "a name that can be a folder's, or --data");
    }
    if (save != null) {
      MeasurementFacts.checkWritable("--save", save);
    }
    LinkSecurity security = connection.security();
    ModelSchema schema = training.shape().schema();
    training.corpus(1); // a text that can't be read is said before anybody is bothered
    Path folder = data == null ? Path.of("tributary-data", name) : data;
    try (var signal = new StopSignal("agent " + name);
        Agent agent =
            Agent.connect(
                name,
                host,
                port,
                folder,
                connection.bytesPerSecond(),
                schema,
                security,
                LinkTimes.fromSettings(),
                earlyStart())) {
      signal.then(agent::stop);
      try {
        train(agent, listener);
      } catch (TributaryException e) {
        if (!agent.isStopped()) {
          throw e;
        }
        LOG.info("{}", e.getMessage());
      }
    }
    return 0;
  }

  private @Nullable EarlyStart earlyStart() {
    if (earlyModel == null) {
      return early == null ? null : new EarlyStart.Coded(early);
    }
    if (early != null) {
      throw Errors.invalidSetting("--early-model", earlyModel, "it or --early, not both");
    }
    return new EarlyStart.Copied(earlyModel);
  }

  private void train(Agent agent, Consumer<AgentEvent> listener) {
    JoinReply place = agent.awaitPlace();
    RunManifest manifest = place.manifest();
    Corpus corpus = training.corpus(manifest.participants());
    try (Trainer trainer = training.open(corpus, manifest.seed(), List.of(place.participant()))) {
      boolean evaluate = !prompt.isEmpty();
      double lossStart = evaluate ? trainer.heldOutLoss() : 0;
      agent.train(trainer, listener);
      if (save != null) {
        save(trainer, save);
      }
      if (evaluate) {
        double lossEnd = trainer.heldOutLoss();
        String sample = trainer.sample(prompt, SAMPLE_LENGTH, manifest.seed());
        listener.accept(new AgentEvent.Evaluated(lossStart, lossEnd, sample));
      }
    }
  }

  private static void save(Trainer trainer, Path file) {
    try (var weights = new TrainerWeights(trainer, Map.of())) {
      long bytes = SafetensorsWriter.write(weights, file);
      LOG.info("the model is in {}, {} bytes", file, bytes);
    }
  }
}
