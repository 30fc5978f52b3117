package io.tributary.bench.command;

import io.tributary.bench.amaq.AmaqCommand;
import io.tributary.bench.chaos.ChaosCommand;
import io.tributary.bench.codecs.CodecsCommand;
import io.tributary.bench.diloco.DilocoCommand;
import io.tributary.bench.directions.DirectionsCommand;
import io.tributary.bench.fleet.FleetCommand;
import io.tributary.bench.fleet.MemoryCommand;
import io.tributary.bench.ggml.GgmlCommand;
import io.tributary.bench.gpu.GpuCommand;
import io.tributary.bench.guard.GuardCommand;
import io.tributary.bench.link.PingCommand;
import io.tributary.bench.link.RelayBenchCommand;
import io.tributary.bench.link.StripesCommand;
import io.tributary.bench.recipes.RecipesCommand;
import io.tributary.bench.ship.ShipCommand;
import io.tributary.bench.sketch.SketchCommand;
import io.tributary.bench.sync.SyncCommand;
import io.tributary.bench.weights.WeightsCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary bench}: the measurements, each a subcommand. */
@Command(
    name = "bench",
    description =
        "Measures the product on this machine; each bench writes its figures with --json FILE.",
    subcommands = {
      AmaqCommand.class,
      ChaosCommand.class,
      CodecsCommand.class,
      DilocoCommand.class,
      DirectionsCommand.class,
      FleetCommand.class,
      GgmlCommand.class,
      GpuCommand.class,
      GuardCommand.class,
      MemoryCommand.class,
      PingCommand.class,
      RecipesCommand.class,
      RelayBenchCommand.class,
      ShipCommand.class,
      SketchCommand.class,
      StripesCommand.class,
      SyncCommand.class,
      WeightsCommand.class
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which bench? One of " + spec.subcommands().keySet());
  }
}
