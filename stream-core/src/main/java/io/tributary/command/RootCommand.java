package io.tributary.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tributary} without a subcommand: shows the help. */
@Command(
    name = "tributary",
    description = "Machines behind thin links train one model together.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class,
    footer = "%nEach command explains itself: tributary COMMAND --help")
final class RootCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show where an error came from.")
  private boolean verbose;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Whether the option was given, before or behind the subcommand's name. */
  static boolean isVerbose(CommandLine line) {
    return line.getCommandSpec().root().userObject() instanceof RootCommand root && root.verbose;
  }

  /** The whole command line with the given subcommands. */
  static CommandLine commandLine(CommandList commands) {
    var line = new CommandLine(new RootCommand());
    commands.addTo(line);
    line.getHelpSectionMap()
        .put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST, h -> commands.render());
    line.getHelpSectionMap()
        .put(CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, h -> "");
    line.getSubcommands().values().forEach(RootCommand::addStandardOptions);
    var errors = new ErrorLine();
    line.setExecutionExceptionHandler(errors);
    line.setParameterExceptionHandler(errors);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  /** Gives a command, and those below it, the options that all have. */
  private static void addStandardOptions(CommandLine line) {
    line.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
    line.getSubcommands().values().forEach(RootCommand::addStandardOptions);
  }

  /** The lines of {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "tributary " + BuildInfo.version(),
        "commit    " + BuildInfo.commit(),
        "java      " + BuildInfo.java()
      };
    }
  }
}
