package io.tributary.agent;

import io.tributary.agent.split.SplitClientAgent;
import io.tributary.agent.split.SplitEvent;
import io.tributary.agent.text.BuiltInText;
import io.tributary.agent.text.Corpus;
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

/** {@code tributary split client}: the bottom of a cut model. */
@Command(
    name = "client",
    description = {
      "Holds the layers below the cut and the text, and takes the terms of the server that it finds.",
      "While there is no server it waits; when its server leaves it goes on with another."
    })
final class SplitClientCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(SplitClientCommand.class);

  @Mixin private ConnectionOptions connection;

  @Option(
      names = "--text",
      description = "File, folder, jar or zip of text (the sources of Apache Commons Lang).")
  private @Nullable Path text;

  @Option(
      names = "--measure-every",
      defaultValue = "0",
      description =
          "Steps between two measurements on held-out text; 0 for one at the end"
              + " (${DEFAULT-VALUE}).")
  private int measureEvery;

  @Option(
      names = "--heldout",
      defaultValue = "32",
      description = "Held-out windows (${DEFAULT-VALUE}).")
  private int heldOutWindows;

  @Option(
      names = "--data",
      description =
          "Folder where the state is kept whenever the server keeps its own, to go on from (none).")
  private @Nullable Path data;

  @Option(names = "--events", description = "Write events as JSON lines to standard output.")
  private boolean events;

  @Override
  public Integer call() {
    if (measureEvery < 0 || heldOutWindows < 1) {
      throw Errors.invalidSetting(
          "--measure-every, --heldout",
          measureEvery + ", " + heldOutWindows,
          "0 or more, 1 or more");
    }
    Path trained = text == null ? BuiltInText.path() : text;
    Corpus.read(trained, 1); // a text that can't be read is said before anybody is bothered
    Consumer<SplitEvent> listener = event -> LOG.info("{}", event);
    if (events) {
      var lines = new EventLines(System.out);
      listener = event -> lines.write((Record) event);
    }
    try (var signal = new StopSignal("split client " + connection.name());
        var client =
            new SplitClientAgent(
                connection.name(),
                connection.host(),
                connection.port(),
                connection.bytesPerSecond(),
                connection.security(),
                trained,
                measureEvery,
                heldOutWindows,
                data,
                listener)) {
      signal.then(client::stop);
      client.run();
    }
    return 0;
  }
}
