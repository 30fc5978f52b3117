package io.tributary.weights.judge;

import io.tributary.command.CommandGroup;
import io.tributary.command.CommandProvider;

/** Brings {@code tributary eval} to the launcher. */
public final class EvalCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.FILES;
  }

  @Override
  public Object command() {
    return new EvalCommand();
  }
}
