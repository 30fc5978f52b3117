package io.tributary.bench.command;

<<<<<<< HEAD
import io.tributary.bench.gpu.GpuCommand;
=======
import io.tributary.bench.codecs.CodecsCommand;
>>>>>>> main
import io.tributary.bench.link.PingCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary bench}: the measurements, each a subcommand. */
@Command(
    name = "bench",
    description =
        "Measures the product on this machine; each bench writes its figures with --json FILE.",
<<<<<<< HEAD
    subcommands = {GpuCommand.class, PingCommand.class})
=======
    subcommands = {CodecsCommand.class, PingCommand.class})
>>>>>>> main
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which bench? One of " + spec.subcommands().keySet());
  }
}
