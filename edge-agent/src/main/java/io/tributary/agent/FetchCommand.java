package io.tributary.agent;

import io.tributary.agent.fetch.FetchEvent;
import io.tributary.agent.fetch.ModelFetcher;
import io.tributary.command.EventLines;
import io.tributary.command.StopSignal;
import io.tributary.error.Errors;
import io.tributary.link.LinkTimes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary fetch}: gets a model that a coordinator or relay offers. */
@Command(
    name = "fetch",
    description = {
      "Get a model that a coordinator or relay offers (--offer).",
      "What has come lies beside OUT in a file whose name ends in .part. Of a .trib file in progressive order it is a coarser",
      "model all the while, which eval, decompress and inspect read. A fetch that is started again goes on where it was; while",
      "the server is away it waits. OUT appears, or is replaced, when all is there and has the server's SHA-256."
    })
final class FetchCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(FetchCommand.class);

  @Mixin private ConnectionOptions connection;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      description = "The model's name at the server; may be left out if it offers only one.")
  private @Nullable String model;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "The file to write.")
  private Path output;

  @Option(names = "--events", description = "Write events as JSON lines to standard output.")
  private boolean events;

  @Override
  public Integer call() {
    Path folder = output.toAbsolutePath().getParent();
    if (Files.isDirectory(output) || folder == null || !Files.isDirectory(folder)) {
      throw Errors.invalidSetting("--output", output, "a file in a folder that is there");
    }
    var lines = new EventLines(System.out);
    Consumer<FetchEvent> listener =
        events ? event -> lines.write((Record) event) : event -> LOG.info("{}", event);
    try (var signal = new StopSignal("fetch");
        ModelFetcher fetch =
            ModelFetcher.start(
                connection.name(),
                connection.host(),
                connection.port(),
                connection.security(),
                LinkTimes.fromSettings(),
                model,
                output,
                listener)) {
      signal.then(fetch::stop);
      fetch.await();
    }
    return 0;
  }
}
