package io.tributary.bench.start;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings the hidden {@code tributary rehearse} to the launcher. */
public final class RehearseCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.SETUP;
  }

  @Override
  public Object command() {
    return new RehearseCommand();
  }
}
