package io.tributary.command;

/**
 * What {@link java.util.ServiceLoader} finds: one subcommand of {@code tributary}.
 *
 * <p>A provider is loaded for every command line, {@code --help} included, so it and the command's
 * constructor stay cheap: no native library, no socket, no thread.
 */
public interface CommandProvider {
  /** The heading under which the command is listed. */
  CommandGroup group();

  /** The place below the heading; equal places are listed by name. */
  default int order() {
    return 100;
  }

  /**
   * A new command: an object annotated with {@link picocli.CommandLine.Command} that is a {@link
   * java.util.concurrent.Callable} of the exit code, or a {@link Runnable}. The options {@code
   * --help}, {@code --version} and {@code --verbose} are added to it. It reports an error by
   * throwing {@link io.tributary.error.TributaryException}.
   */
  Object command();
}
