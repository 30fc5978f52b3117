package io.tributary.bench.inspect;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings {@code tributary inspect} to the launcher. */
public final class InspectCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.FILES;
  }

  @Override
  public Object command() {
    return new InspectCommand();
  }
}
