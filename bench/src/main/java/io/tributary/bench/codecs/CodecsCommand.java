package io.tributary.bench.codecs;

import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench codecs}: speed and distortion of codecs and rivals. */
@Command(
    name = "codecs",
    description = {
      "Speed and distortion of every codec and of rivals: 10 JVMs for each row, or one with"
          + " --quick. Ratios are to System.arraycopy of the same values in the same JVM; brackets"
          + " hold the lowest and the highest JVM."
    })
public final class CodecsCommand implements Callable<Integer> {
  private static final int FORKS = 10;

  @Option(
      names = "--quick",
      description = "One JVM for each row, and hot rows alone: an estimate within minutes.")
  private boolean quick;

  @Option(
      names = "--codec",
      paramLabel = "GLOB",
      defaultValue = "*",
      description = "Which codecs, such as 'int?block*' or ecq:2.5b (all).")
  private String glob;

  @Option(
      names = "--set",
      split = ",",
      defaultValue = "N,L,T",
      description = "Kinds of values: ${COMPLETION-CANDIDATES} (all).")
  private List<ValueSet> sets;

  @Option(
      names = "--size",
      split = ",",
      paramLabel = "SIZE",
      description = "hot, cold or both (both; with --quick, hot).")
  private List<String> sizes = List.of();

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Threads that run at once (${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the values (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--json",
      description = "Write the figures to this file; rows of this commit that it has are kept.")
  private @Nullable Path json;

  @Option(
      names = "--plots",
      paramLabel = "FOLDER",
      description = "Write codecs-rate.svg and codecs-speed.svg into this folder.")
  private @Nullable Path plots;

  @Spec private CommandSpec spec;

  private final long began = System.nanoTime();

  /** What the JSON file holds beside the facts of the run. */
  private record Figures(List<CodecRow> rows) {}

  @Override
  public Integer call() {
    if (threads < 1) {
      throw Errors.invalidSetting("--threads", threads, "at least 1");
    }
    var measured = new CodecRows();
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
      measured.keep(json, facts());
    }
    if (plots != null) {
      MeasurementFacts.checkWritable("--plots", plots.resolve("codecs-rate.svg"));
    }
    var bench =
        quick
            ? new CodecBench(1, threads, TimeValue.seconds(3), TimeValue.milliseconds(200), 5, seed)
            : new CodecBench(
                FORKS, threads, TimeValue.seconds(4), TimeValue.milliseconds(300), 5, seed);
    measure(bench, sizes(), measured);
    save(measured);
    if (plots != null) {
      CodecPlots.write(plots, measured.all());
    }
    return 0;
  }

  private MeasurementFacts facts() {
    List<String> options = spec.commandLine().getParseResult().originalArgs();
    return MeasurementFacts.here("none", seed, options, (System.nanoTime() - began) / 1e9);
  }

  private void save(CodecRows measured) {
    if (json != null) {
      facts().write(json, new Figures(measured.all()));
    }
  }

  private List<BenchSize> sizes() {
    if (sizes.isEmpty()) {
      return quick ? List.of(BenchSize.HOT) : BenchSize.ALL;
    }
    List<BenchSize> chosen =
        BenchSize.ALL.stream().filter(size -> sizes.contains(size.name())).toList();
    if (chosen.size() != sizes.size()) {
      throw Errors.invalidSetting("--size", sizes, "hot, cold");
    }
    return chosen;
  }

  private void measure(CodecBench bench, List<BenchSize> sizes, CodecRows measured) {
    PrintWriter out = spec.commandLine().getOut();
    List<String> codecs = chosen(glob);
    out.println(CodecTable.HEAD);
    out.flush();
    for (String codec : codecs) {
      for (ValueSet set : sets) {
        for (BenchSize size : sizes) {
          CodecRow former = measured.find(codec, set, size, threads, quick ? 1 : FORKS);
          CodecRow row = former == null ? bench.measure(codec, set, size) : former;
          if (former == null) {
            measured.add(row);
            save(measured);
          }
          out.println(CodecTable.line(row));
          out.flush();
        }
      }
    }
  }

  private static List<String> chosen(String glob) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    List<String> names = BenchedCodecs.names();
    List<String> chosen = names.stream().filter(name -> matcher.matches(Path.of(name))).toList();
    if (!chosen.isEmpty()) {
      return chosen;
    }
    if (BenchedCodecs.understands(glob)) {
      return List.of(glob);
    }
    throw Errors.invalidSetting(
        "--codec", "'" + glob + "'", "a codec such as ecq:2.5b, or a pattern of one of " + names);
  }
}
