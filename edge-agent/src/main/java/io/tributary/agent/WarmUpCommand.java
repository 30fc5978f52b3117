package io.tributary.agent;

import io.tributary.agent.trainer.TrainerProvider;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code tributary warm-up}: unpacks the training engine's native library, so that no agent waits
 * for it later.
 */
@Command(name = "warm-up", hidden = true, description = "Starts the training engine once.")
final class WarmUpCommand implements Callable<Integer> {
  @Option(
      names = "--engine",
      defaultValue = "djl",
      description = "Training engine (${DEFAULT-VALUE}).")
  private String engine;

  @Override
  public Integer call() {
    TrainerProvider.named(engine).warmUp();
    return 0;
  }
}
