package io.tributary.bench.command;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings {@code tributary bench} to the launcher. */
public final class BenchCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.MEASURE;
  }

  @Override
  public Object command() {
    return new BenchCommand();
  }
}
