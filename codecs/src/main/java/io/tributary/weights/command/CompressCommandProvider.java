package io.tributary.weights.command;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings {@code tributary compress} to the launcher. */
public final class CompressCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.FILES;
  }

  @Override
  public Object command() {
    return new CompressCommand();
  }
}
