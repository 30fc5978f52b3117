package io.tributary.agent;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings the hidden {@code tributary warm-up} to the launcher. */
public final class WarmUpCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.SETUP;
  }

  @Override
  public Object command() {
    return new WarmUpCommand();
  }
}
