package io.tributary.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;

/** The subcommands in the order in which they are listed, and that list as text. */
final class CommandList {
  /** One subcommand with its place in the list. */
  private record Entry(CommandGroup group, int order, CommandLine line) {
    String name() {
      return line.getCommandName();
    }

    boolean isListed() {
      return !line.getCommandSpec().usageMessage().hidden();
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  /** The commands of all providers on the class path. */
  static CommandList load() {
    return new CommandList(ServiceLoader.load(CommandProvider.class));
  }

  CommandList(Iterable<CommandProvider> providers) {
    for (CommandProvider provider : providers) {
      entries.add(
          new Entry(provider.group(), provider.order(), new CommandLine(provider.command())));
    }
    entries.sort(
        Comparator.comparing(Entry::group).thenComparing(Entry::order).thenComparing(Entry::name));
  }

  /** Adds the commands to {@code root}; two of one name are an error of the build. */
  void addTo(CommandLine root) {
    for (Entry entry : entries) {
      CommandLine earlier = root.getSubcommands().get(entry.name());
      if (earlier != null) {
        throw new IllegalStateException(
            "two commands are named "
                + entry.name()
                + ": "
                + earlier.getCommandSpec().userObject().getClass().getName()
                + " and "
                + entry.line().getCommandSpec().userObject().getClass().getName());
      }
      root.addSubcommand(entry.name(), entry.line());
    }
  }

  /** The list for the root command's help: a heading per group, then a line per command. */
  String render() {
    int width =
        entries.stream().filter(Entry::isListed).mapToInt(e -> e.name().length()).max().orElse(0);
    var text = new StringBuilder();
    CommandGroup heading = null;
    for (Entry entry : entries) {
      if (!entry.isListed()) {
        continue;
      }
      if (entry.group() != heading) {
        heading = entry.group();
        text.append(System.lineSeparator()).append(heading.heading()).append(':');
        text.append(System.lineSeparator());
      }
      String[] description = entry.line().getCommandSpec().usageMessage().description();
      text.append("  ").append(entry.name()).append(" ".repeat(width - entry.name().length() + 3));
      text.append(description.length == 0 ? "" : description[0]).append(System.lineSeparator());
    }
    return text.toString();
  }
}
