package io.tributary.agent;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings {@code tributary fetch} to the launcher. */
public final class FetchCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.FILES;
  }

  @Override
  public Object command() {
    return new FetchCommand();
  }
}
