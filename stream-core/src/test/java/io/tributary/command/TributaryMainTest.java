package io.tributary.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class TributaryMainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpListsTheCommandsByGroupAndOrder() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString())
        .containsSubsequence("Start here:", "first", "second", "Measure:", "third")
        .contains("What first does.")
        .doesNotContain("secret");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void withoutCommandTheHelpIsShown() {
    assertThat(execute()).isZero();
    assertThat(out.toString()).contains("Usage: tributary");
  }

  @Test
  void everyCommandHasHelpAndVersion() {
    assertThat(execute("first", "--help")).isZero();
    assertThat(out.toString()).contains("Usage: tributary first", "--verbose");
    assertThat(execute("first", "--version")).isZero();
    assertThat(out.toString()).contains("tributary " + BuildInfo.version());
  }

  @Test
  void hiddenCommandsRunAllTheSame() {
    assertThat(execute("secret")).isZero();
  }

  @Test
  void versionSaysWhatThisIs() {
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).contains("tributary ", "commit ", "java ");
    assertThat(BuildInfo.version()).matches("\\d+\\.\\d+.*");
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void anErrorIsOneLineWithItsCode(ErrorCode code) {
    int exit = execute("first", "--fail", code.name());
    assertThat(err.toString().lines()).containsExactly("error [" + code + "]: what, where");
    boolean badInput = code == ErrorCode.INVALID_SETTING || code == ErrorCode.UNKNOWN_CODEC;
    assertThat(exit).isEqualTo(badInput ? 2 : 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-v first --fail STORAGE",
        "first --fail STORAGE -v",
        "first --verbose --fail STORAGE"
      })
  void verboseShowsTheStackTrace(String arguments) {
    assertThat(execute(arguments.split(" ", -1))).isEqualTo(1);
    assertThat(err.toString()).contains("error [STORAGE]: what, where", "FirstCommand.call");
  }

  @Test
  void aDefectIsOneLineToo() {
    assertThat(execute("first", "--defect")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "error [INTERNAL]: java.lang.IllegalStateException: broken (--verbose shows where)");
  }

  @Test
  void wrongInputNamesTheOptionAndTheHelp() {
    assertThat(execute("first", "--nothing")).isEqualTo(2);
    assertThat(err.toString())
        .contains("error [INVALID_SETTING]: Unknown option: '--nothing'")
        .contains("Try 'tributary first --help'.");
    assertThat(execute("frist")).isEqualTo(2);
    assertThat(err.toString()).contains("Did you mean: ", "first");
  }

  @Test
  void aConvertersOwnErrorIsShown() {
    assertThat(execute("first", "--rate", "fast")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("error [INVALID_SETTING]: rate: expected a number, found fast");
  }

  @Test
  void twoCommandsOfOneNameAreRefused() {
    var commands =
        new CommandList(
            List.of(
                provider(CommandGroup.START, 1, FirstCommand::new),
                provider(CommandGroup.RUN, 1, FirstCommand::new)));
    assertThatThrownBy(() -> RootCommand.commandLine(commands))
        .hasMessageContaining("two commands are named first")
        .hasMessageContaining(FirstCommand.class.getName());
  }

  @Test
  void theLauncherScriptRunsTheTests() {
    var line = RootCommand.commandLine(CommandList.load()).setErr(new PrintWriter(err));
    assertThat(line.execute("test")).isEqualTo(2);
    assertThat(err.toString()).contains("./tributary test");
  }

  private int execute(String... arguments) {
    var commands =
        new CommandList(
            List.of(
                provider(CommandGroup.MEASURE, 1, ThirdCommand::new),
                provider(CommandGroup.START, 2, SecondCommand::new),
                provider(CommandGroup.START, 3, SecretCommand::new),
                provider(CommandGroup.START, 1, FirstCommand::new)));
    return RootCommand.commandLine(commands)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private static CommandProvider provider(
      CommandGroup group, int order, java.util.function.Supplier<Object> command) {
    return new CommandProvider() {
      @Override
      public CommandGroup group() {
        return group;
      }

      @Override
      public int order() {
        return order;
      }

      @Override
      public Object command() {
        return command.get();
      }
    };
  }

  @Command(name = "first", description = "What first does.")
  static final class FirstCommand implements Callable<Integer> {
    @Option(names = "--fail")
    private ErrorCode fail;

    @Option(names = "--defect")
    private boolean defect;

    @Option(names = "--rate", converter = RateConverter.class)
    private double rate;

    @Override
    public Integer call() {
      assertThat(rate).isZero();
      if (fail != null) {
        throw new TributaryException(fail, "what, where");
      }
      if (defect) {
        throw new IllegalStateException("broken");
      }
      return 0;
    }
  }

  @Command(name = "second")
  static final class SecondCommand implements Runnable {
    @Override
    public void run() {}
  }

  @Command(name = "third")
  static final class ThirdCommand implements Runnable {
    @Override
    public void run() {}
  }

  @Command(name = "secret", hidden = true)
  static final class SecretCommand implements Runnable {
    @Override
    public void run() {}
  }

  static final class RateConverter implements CommandLine.ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      throw new TributaryException(
          ErrorCode.INVALID_SETTING, "rate: expected a number, found " + text);
    }
  }
}
