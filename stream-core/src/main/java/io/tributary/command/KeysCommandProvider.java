package io.tributary.command;

/** Brings {@code tributary keys} to the launcher. */
public final class KeysCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.SETUP;
  }

  @Override
  public Object command() {
    return new KeysCommand();
  }
}
