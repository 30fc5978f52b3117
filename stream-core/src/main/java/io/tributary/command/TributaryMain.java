package io.tributary.command;

/** The program's entry: parses the command line, runs one command, ends with its exit code. */
public final class TributaryMain {
  private TributaryMain() {}

  /** Runs the command and exits: 0 done, 1 failed, 2 the input was wrong. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the command in this process and returns its exit code. */
  public static int run(String... arguments) {
    return RootCommand.commandLine(CommandList.load()).execute(arguments);
  }
}
