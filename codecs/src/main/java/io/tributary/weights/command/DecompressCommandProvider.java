package io.tributary.weights.command;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings {@code tributary decompress} to the launcher. */
public final class DecompressCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.FILES;
  }

  @Override
  public Object command() {
    return new DecompressCommand();
  }
}
