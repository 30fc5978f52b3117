package io.tributary.bench.demo;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings {@code tributary demo} to the launcher. */
public final class DemoCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.START;
  }

  @Override
  public Object command() {
    return new DemoCommand();
  }
}
