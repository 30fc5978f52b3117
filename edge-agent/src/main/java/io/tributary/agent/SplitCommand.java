package io.tributary.agent;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary split}: the two ends of a cut model. */
@Command(
    name = "split",
    description = {
      "Trains a model that is cut in two: clients hold the bottom and the text, a server the top.",
      "Both connect to a coordinator or relay, which passes on what they say to each other."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SplitServerCommand.class, SplitClientCommand.class})
final class SplitCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which end? One of " + spec.subcommands().keySet());
  }
}
