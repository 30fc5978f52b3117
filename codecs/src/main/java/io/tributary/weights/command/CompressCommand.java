package io.tributary.weights.command;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tributary.command.MeasurementFacts;
import io.tributary.command.StopSignal;
import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.weights.Hessians;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.calibrate.Calibration;
import io.tributary.weights.compress.BudgetChoice;
import io.tributary.weights.compress.ModelCompressor;
import io.tributary.weights.compress.ModelReport;
import io.tributary.weights.compress.RecipePolicy;
import io.tributary.weights.compress.TensorReport;
import io.tributary.weights.file.TribWriter;
import io.tributary.weights.recipe.Recipe;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary compress}: a model, made small by recipes. */
@Command(
    name = "compress",
    description = {
      "Compress a model's weights into a .trib file, or, if OUT ends in .gguf, into GGUF, with the",
      "model's vocabulary, for llama.cpp and its like.",
      "Matrices get the recipe; vectors, embeddings and outputs stay as they are. A policy such as"
          + " '*.o.weight=rtn:8; *=rtn:4,g=128' says so by name."
    })
final class CompressCommand implements Callable<Integer> {
  @Parameters(paramLabel = "IN", description = "A file or folder of weights in any known format.")
  private Path input;

  @Option(
      names = "--recipe",
      required = true,
      paramLabel = "RECIPE",
      description = "A recipe, such as rtn:4,g=128, or a policy: GLOB=RECIPE; ...; *=RECIPE.")
  private String recipe;

  @Option(
      names = "--budget",
      paramLabel = "BITS",
      description = {
        "Bits a weight, such as 3.2bpw, that the compressed tensors may take together: each gets"
            + " the size of its recipe with which all lose least."
      })
  private @Nullable String budget;

  @Option(
      names = "--calibrate",
      paramLabel = "TEXT",
      description = {
        "A text that the model reads, so that recipes know its matrices' inputs: needed by gptq,"
            + " awq, quip and their like."
      })
  private @Nullable Path text;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "The model's vocabulary: a tokenizer.json or llama2.c's; by default the one inside or"
              + " beside the model.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--windows",
      defaultValue = "128",
      description =
          "Pieces of the text that are read, each as long as the model's context"
              + " (${DEFAULT-VALUE}).")
  private int windows;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "The file to write; it appears when it is complete.")
  private Path output;

  @Option(
      names = "--progressive",
      description = "Coarse parts of all tensors first: a beginning of the file is a model.")
  private boolean progressive;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** What the JSON file holds beside the facts of the run. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record Figures(
      long fileBytes,
      double fileBitsPerWeight,
      @Nullable Double bitsPerWeight,
      @Nullable Double weightError,
      @Nullable Double proxyLoss,
      List<TensorReport> rows) {}

  @Override
  public Integer call() {
    long began = System.nanoTime();
    RecipePolicy policy = RecipePolicy.parse(recipe);
    Double bits = budget == null ? null : BudgetChoice.parse(budget);
    if (policy.isCalibrated() && text == null) {
      throw Errors.invalidSetting("--calibrate", "none", "a text, which " + policy + " needs");
    }
    OutputFile.check(input, output);
    boolean isGguf = GgufOutput.isAskedBy(output);
    if (isGguf && progressive) {
      throw Errors.invalidSetting("--progressive", "GGUF", "a .trib file as the output");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    PrintWriter out = spec.commandLine().getOut();
    ModelReport report;
    Thread own = Thread.currentThread();
    try (var signal = new StopSignal("compress");
        WeightFile source = WeightFormats.load().open(input);
        RowWorkers workers = RowWorkers.ofMachine()) {
      GgufOutput gguf = isGguf ? new GgufOutput(output, input, source, tokenizer, out) : null;
      Hessians hessians = Hessians.none();
      Set<String> judged = Set.of();
      if (text != null) {
        Calibration seen = CalibrationText.read(input, source, text, tokenizer, windows, workers);
        hessians = seen;
        judged = seen.tensors();
      }
      var tools = new Recipe.Tools(hessians, workers, out::println);
      var compressor = new ModelCompressor(tools, judged, tensor -> print(out, tensor));
      Function<WeightTensor, Recipe> choice = policy::choose;
      String told = policy.toString();
      if (bits != null) {
        Map<String, Recipe> chosen = BudgetChoice.choose(source, policy, bits, compressor);
        choice = tensor -> chosen.get(tensor.name());
        told += ", budget " + budget;
      }
      try (TribWriter writer =
          TribWriter.create(isGguf ? GgufOutput.before(output) : output, progressive)) {
        signal.then(writer::close);
        report = compressor.compress(source, choice, told, writer);
      }
      if (gguf != null) {
        signal.then(own::interrupt);
        report = new ModelReport(gguf.finish(), report.tensors());
      }
    }
    printSum(out, report);
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(
              json,
              new Figures(
                  report.fileBytes(),
                  report.fileBitsPerWeight(),
                  known(report.bitsPerWeight()),
                  known(report.weightError()),
                  known(report.proxyLoss()),
                  report.tensors()));
    }
    return 0;
  }

  private static @Nullable Double known(double figure) {
    return Double.isNaN(figure) ? null : figure;
  }

  private static void print(PrintWriter out, TensorReport tensor) {
    out.printf(
        Locale.ROOT,
        "%-32s %-24s %-16s %12d bytes %8.4f bits  error %.3e%s%n",
        tensor.name(),
        tensor.recipe(),
        tensor.shape(),
        tensor.bytes(),
        tensor.bitsPerWeight(),
        tensor.weightError(),
        tensor.proxyLoss() == null
            ? ""
            : String.format(Locale.ROOT, ", of outputs %.3e", tensor.proxyLoss()));
    out.flush();
  }

  private static void printSum(PrintWriter out, ModelReport report) {
    out.printf(
        Locale.ROOT,
        "%d bytes, %.4f bits a weight",
        report.fileBytes(),
        report.fileBitsPerWeight());
    if (report.compressedElements() > 0) {
      out.printf(
          Locale.ROOT,
          "; compressed tensors %.4f bits a weight, squared error %.3e of the weights'",
          report.bitsPerWeight(),
          report.weightError());
    }
    out.println();
    out.flush();
  }
}
