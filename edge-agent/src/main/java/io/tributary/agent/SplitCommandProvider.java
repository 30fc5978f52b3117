package io.tributary.agent;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings {@code tributary split} to the launcher. */
public final class SplitCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.RUN;
  }

  @Override
  public Object command() {
    return new SplitCommand();
  }
}
