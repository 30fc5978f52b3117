package io.tributary.command;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import picocli.CommandLine.Command;

/**
 * Lists {@code test}, which the launcher script runs itself: it must work when nothing compiles.
 */
public final class TestCommandProvider implements CommandProvider {
  @Override
  public CommandGroup group() {
    return CommandGroup.START;
  }

  @Override
  public int order() {
    return 20;
  }

  @Override
  public Object command() {
    return new TestCommand();
  }

  @Command(name = "test", description = "Run everything that is checked before a change goes in.")
  static final class TestCommand implements Runnable {
    @Override
    public void run() {
      throw new TributaryException(
          ErrorCode.INVALID_SETTING,
          "the command test is run by the launcher script: ./tributary test");
    }
  }
}
