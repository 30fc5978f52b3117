package io.tributary.agent;

import io.tributary.agent.split.SplitEvent;
import io.tributary.agent.split.SplitServerAgent;
import io.tributary.agent.split.SplitTerms;
import io.tributary.command.EventLines;
import io.tributary.command.StopSignal;
import io.tributary.error.Errors;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary split server}: the top of a cut model. */
@Command(
    name = "server",
    description = {
      "Holds the layers above the cut, for all clients, and sets the terms.",
      "It ends when all its clients have done their steps."
    })
final class SplitServerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(SplitServerCommand.class);

  @Mixin private ConnectionOptions connection;

  @Option(
      names = "--clients",
      defaultValue = "1",
      description = "Clients that take part in each step (${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--codec",
      defaultValue = "amaqec",
      description = "Codec across the cut, with its parameter (${DEFAULT-VALUE}).")
  private String codec;

  @Option(
      names = "--bits",
      defaultValue = "3",
      description = "Bits a value to come down to (${DEFAULT-VALUE}).")
  private double bits;

  @Option(
      names = "--start-bits",
      defaultValue = "6",
      description =
          "Bits a value in the beginning, for codecs that begin finer; at least those"
              + " (${DEFAULT-VALUE}).")
  private double startBits;

  @Option(names = "--steps", required = true, description = "Steps of each client.")
  private int steps;

  @Option(
      names = "--layers",
      defaultValue = "4",
      description = "Layers of the model (${DEFAULT-VALUE}).")
  private int layers;

  @Option(
      names = "--cut",
      defaultValue = "1",
      description = "Layers below the cut (${DEFAULT-VALUE}).")
  private int cut;

  @Option(
      names = "--u-shape",
      description =
          "Labels stay at the clients: they have the output and the loss, the server the layers"
              + " between.")
  private boolean uShape;

  @Option(
      names = "--head-layers",
      description = "With --u-shape, which it implies: the last layers that clients have too (0).")
  private @Nullable Integer headLayers;

  @Option(
      names = "--heads",
      defaultValue = "4",
      description = "Attention heads (${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--width",
      defaultValue = "64",
      description = "Width of the model (${DEFAULT-VALUE}).")
  private int width;

  @Option(
      names = "--context",
      defaultValue = "64",
      description = "Bytes that the model sees (${DEFAULT-VALUE}).")
  private int context;

  @Option(
      names = "--batch",
      defaultValue = "4",
      description = "Windows of a micro-batch (${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--micro-batches",
      defaultValue = "2",
      description = "Micro-batches of a step, which may all be under way (${DEFAULT-VALUE}).")
  private int microBatches;

  @Option(names = "--lr", defaultValue = "0.003", description = "Learning rate (${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--warmup",
      defaultValue = "20",
      description = "Steps until that rate is reached (${DEFAULT-VALUE}).")
  private int warmup;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Where initial values and data order come from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--patience",
      defaultValue = "4",
      description =
          "How many times what it usually takes a client is waited for: its next part, or to be at"
              + " work. Both are measured (${DEFAULT-VALUE}).")
  private double patience;

  @Option(
      names = "--engine",
      defaultValue = "djl",
      description = "Training engine (${DEFAULT-VALUE}).")
  private String engine;

  @Option(
      names = "--data",
      description =
          "Folder where the state is kept, so that the run goes on from there when a process of it"
              + " is started again; clients need one too (none).")
  private @Nullable Path data;

  @Option(
      names = "--keep-every",
      defaultValue = "20",
      description = "With --data, steps between two states, at both ends (${DEFAULT-VALUE}).")
  private int keepEvery;

  @Option(names = "--events", description = "Write events as JSON lines to standard output.")
  private boolean events;

  @Override
  public Integer call() {
    if (!(patience >= 1)) {
      throw Errors.invalidSetting("--patience", patience, "1 or more");
    }
    var terms =
        new SplitTerms(
            layers,
            heads,
            width,
            context,
            cut,
            lastCut(),
            batch,
            microBatches,
            codec,
            bits,
            startBits,
            steps,
            learningRate,
            warmup,
            seed,
            engine,
            clients);
    Consumer<SplitEvent> listener = event -> LOG.info("{}", event);
    if (events) {
      var lines = new EventLines(System.out);
      listener = event -> lines.write((Record) event);
    }
    try (var signal = new StopSignal("split server " + connection.name());
        var server =
            new SplitServerAgent(
                connection.name(),
                connection.host(),
                connection.port(),
                connection.bytesPerSecond(),
                connection.security(),
                terms,
                patience,
                data == null ? null : new SplitServerAgent.Keep(data, keepEvery),
                listener)) {
      signal.then(server::stop);
      server.run();
    }
    return 0;
  }

  /** The layers below the last cut; as many as below the first without another. */
  private int lastCut() {
    if (headLayers == null) {
      return uShape ? layers : cut;
    }
    if (headLayers < 0 || headLayers >= layers - cut) {
      throw Errors.invalidSetting(
          "--head-layers",
          headLayers,
          "0 to " + (layers - cut - 1) + ", so that the server has one");
    }
    return layers - headLayers;
  }
}
