package io.tributary.command;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How a failure looks on a terminal: one line {@code error [CODE]: text}, and the stack trace only
 * when {@code --verbose} asks for it.
 */
final class ErrorLine implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int FAILED = 1;
  private static final int BAD_INPUT = 2;

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine line, @Nullable ParseResult parsed) {
    return report(failure, line, RootCommand.isVerbose(line));
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    // A converter's own error says more than picocli's sentence around it.
    if (failure.getCause() instanceof TributaryException cause) {
      return report(cause, line, false);
    }
    PrintWriter err = line.getErr();
    print(err, ErrorCode.INVALID_SETTING, String.valueOf(failure.getMessage()));
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return BAD_INPUT;
  }

  private static int report(Throwable failure, CommandLine line, boolean verbose) {
    PrintWriter err = line.getErr();
    ErrorCode code;
    if (failure instanceof TributaryException ours) {
      code = ours.code();
      print(err, code, String.valueOf(failure.getMessage()));
    } else {
      code = ErrorCode.INTERNAL;
      print(err, code, failure + (verbose ? "" : " (--verbose shows where)"));
    }
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return switch (code) {
      case INVALID_SETTING, UNKNOWN_CODEC -> BAD_INPUT;
      default -> FAILED;
    };
  }

  private static void print(PrintWriter err, ErrorCode code, String text) {
    err.println("error [" + code + "]: " + text);
  }
}
