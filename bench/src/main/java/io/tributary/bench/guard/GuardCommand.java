package io.tributary.bench.guard;

import io.tributary.agent.text.BuiltInText;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench guard}: what guards make of bad agents. */
@Command(
    name = "guard",
    description =
        "Trains with bad agents among the good ones, under every guard of the coordinator.")
public final class GuardCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "A short form, whose losses mean nothing.")
  private boolean quick;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Where initial values and data order come from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--seeds",
      defaultValue = "1",
      description = "Train with so many seeds from that one on (${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--guard",
      description = "Study this guard instead of the study's own; may be repeated.")
  private List<String> guards = List.of();

  @Option(
      names = "--text",
      description = "File, folder, jar or zip of text (the sources of Apache Commons Lang).")
  private @Nullable Path text;

  @Option(
      names = "--json",
      description = "Write the figures to this file; trained rows that it has are kept.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  private final long began = System.nanoTime();

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw Errors.invalidSetting("--seeds", seeds, "at least 1");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    Path trained = text == null ? BuiltInText.path() : text;
    save(
        new GuardStudy(quick, guards)
            .run(trained, seed, seeds, json, spec.commandLine().getOut(), this::save));
    return 0;
  }

  private void save(Record figures) {
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", seed, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
  }
}
