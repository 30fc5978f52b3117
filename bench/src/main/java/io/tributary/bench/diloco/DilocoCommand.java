package io.tributary.bench.diloco;

import io.tributary.agent.text.BuiltInText;
import io.tributary.bench.diloco.effect.EffectStudy;
import io.tributary.bench.diloco.effect.FrontierPlot;
import io.tributary.bench.diloco.identity.IdentityStudy;
import io.tributary.bench.diloco.utilization.UtilizationStudy;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import io.tributary.run.ExchangeInterval;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench diloco}: what outer synchronization costs and what it yields. */
@Command(name = "diloco", description = "Studies of outer synchronization (Streaming DiLoCo).")
public final class DilocoCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  @Option(
      names = "--study",
      required = true,
      description = {
        "identities: what must hold exactly.",
        "table4: simulated compute utilisation beside the published one.",
        "effect: held-out loss and bytes of all methods at one interval, by real training.",
        "frontier: the same for several intervals."
      })
  private String study;

  @Option(names = "--quick", description = "A short form.")
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
      names = "--codec",
      description =
          "Codec policy to study instead of the study's own methods, both ways, or one up and one"
              + " down, such as 'ecq:1b;ecq:1.5b+ef'; may be repeated.")
  private List<String> codecs = List.of();

  @Option(
      names = "--outer",
      description =
          "Outer optimizer of the methods with momentum; may be repeated (nesterov:0.4,0.9).")
  private List<String> outer = List.of();

  @Option(
      names = "--alpha",
      split = ",",
      description = "Shares of the local values in merges, 0 to 1 (0.5).")
  private List<Float> alphas = List.of();

  @Option(
      names = "--h",
      split = ",",
      description = "Inner steps between exchanges, such as 30 or 10..100 (the study's own).")
  private List<String> intervals = List.of();

  @Option(
      names = "--no-baselines",
      description =
          "With --codec: leave out data parallelism, single agents, DiLoCo and float32, to search.")
  private boolean noBaselines;

  @Option(names = "--steps", description = "Inner steps of each agent (the study's own).")
  private @Nullable Integer steps;

  @Option(
      names = "--text",
      description = "File, folder, jar or zip of text (the sources of Apache Commons Lang).")
  private @Nullable Path text;

  @Option(names = "--plot", description = "Draw loss against bytes into this SVG file.")
  private @Nullable Path plot;

  @Option(
      names = "--json",
      description = "Write the figures to this file; effect and frontier go on from its rows.")
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
    if (plot != null) {
      MeasurementFacts.checkWritable("--plot", plot);
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (study) {
      case "identities" -> {
        IdentityStudy.Figures checks = IdentityStudy.run(quick, seed, out);
        save(checks);
        return checks.allHold() ? 0 : FAILED;
      }
      case "table4" -> save(UtilizationStudy.run(quick, out));
      case "effect" -> train(EffectStudy.effect(request()), out);
      case "frontier" -> train(EffectStudy.frontier(request()), out);
      default ->
          throw Errors.invalidSetting(
              "--study", study, "one of identities, table4, effect, frontier");
    }
    return 0;
  }

  private EffectStudy.Request request() {
    return new EffectStudy.Request(
        quick,
        steps == null ? 0 : steps,
        intervals.stream().map(ExchangeInterval::parse).toList(),
        codecs,
        outer,
        alphas,
        !noBaselines);
  }

  private void train(EffectStudy training, PrintWriter out) {
    EffectStudy.Figures figures =
        training.run(text == null ? BuiltInText.path() : text, seed, seeds, json, out, this::save);
    save(figures);
    if (plot != null) {
      new FrontierPlot(figures.rows()).write(plot);
    }
  }

  private void save(Record figures) {
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", seed, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
  }
}
