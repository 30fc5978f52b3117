package io.tributary.coordinator.command;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings {@code tributary relay} to the launcher. */
public final class RelayCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.RUN;
  }

  @Override
  public Object command() {
    return new RelayCommand();
  }
}
