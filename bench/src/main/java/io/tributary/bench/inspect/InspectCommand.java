package io.tributary.bench.inspect;

import io.tributary.bench.inspect.TensorFacts.Spectrum;
import io.tributary.bench.inspect.TensorFacts.Spread;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import io.tributary.weights.file.TribFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary inspect}: the tensors of a file, and on request their spectra. */
@Command(
    name = "inspect",
    description = {
      "List the tensors of a file of weights: type, shape, bytes, bits for each weight.",
      "With --spectrum, each tensor's rows pass once, in random order, through a sketch: the top",
      "eigenvalue of the rows' Gram matrix, its share of all, the gap behind it, and heavy rows.",
      "With --outliers: how far values lie apart, which tells what rounding will find hard.",
      "With --plot, all singular values of the matrices become a picture."
    })
final class InspectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description = "A file or folder of weights, in any known format.")
  private Path file;

  @Option(names = "--spectrum", description = "Tell top eigenvalue, gap and heavy rows.")
  private boolean spectrum;

  @Option(
      names = "--outliers",
      description =
          "Tell each tensor's root mean square, its largest magnitude and kurtosis, the values beyond"
              + " six root mean squares, and how unevenly rows and columns deviate.")
  private boolean outliers;

  @Option(
      names = "--plot",
      paramLabel = "SVG",
      description = {
        "Draw the singular values of all matrices, those whose names differ in a number alone in"
            + " one panel; --json holds them too. Left out is what has more than 4096 rows and"
            + " columns, or a NaN."
      })
  private @Nullable Path plot;

  @Option(
      names = "--method",
      defaultValue = "random-order",
      description = "Which sketch (${DEFAULT-VALUE}).")
  private String method;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the rows' order and of the sketch (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Write the facts to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** What the JSON file holds beside the facts of the run. */
  private record Figures(List<TensorFacts> tensors) {}

  @Override
  public Integer call() {
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    if (plot != null) {
      MeasurementFacts.checkWritable("--plot", plot);
    }
    long began = System.nanoTime();
    var reader = new SpectrumReader(method, seed);
    var facts = new ArrayList<TensorFacts>();
    try (WeightFile opened = WeightFormats.load().open(file)) {
      if (opened instanceof TribFile model && !model.extent().isWhole()) {
        spec.commandLine().getOut().println(file + ": " + model.extent());
      }
      for (WeightTensor tensor : opened.tensors()) {
        boolean read = spectrum && tensor.elements() > 0;
        boolean drawn = plot != null && tensor.shape().size() > 1 && tensor.elements() > 0;
        TensorFacts one =
            TensorFacts.of(
                tensor,
                read ? spectrum(opened, tensor, reader) : null,
                outliers && tensor.elements() > 0 ? spread(opened, tensor) : null,
                drawn ? singularValues(opened, tensor) : null);
        facts.add(one);
        print(one);
      }
    }
    printSum(facts);
    if (plot != null) {
      SpectrumPlot.write(plot, facts);
    }
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", seed, options, (System.nanoTime() - began) / 1e9)
          .write(json, new Figures(facts));
    }
    return 0;
  }

  /** The spectrum of a tensor, or null if its elements can't be read as float32. */
  private static @Nullable Spectrum spectrum(
      WeightFile file, WeightTensor tensor, SpectrumReader reader) {
    RowMatrix rows = rows(file, tensor);
    return rows == null ? null : reader.read(rows);
  }

  private static @Nullable Spread spread(WeightFile file, WeightTensor tensor) {
    RowMatrix rows = rows(file, tensor);
    return rows == null ? null : SpreadReader.read(rows);
  }

  private static @Nullable List<Double> singularValues(WeightFile file, WeightTensor tensor) {
    RowMatrix rows = rows(file, tensor);
    double[] values = rows == null ? null : SingularValues.of(rows);
    return values == null ? null : Arrays.stream(values).boxed().toList();
  }

  private static @Nullable RowMatrix rows(WeightFile file, WeightTensor tensor) {
    try {
      return file.rows(tensor.name());
    } catch (TributaryException unreadable) {
      return null;
    }
  }

  private void print(TensorFacts tensor) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-32s %-16s %-16s %12d bytes %8.4f bits",
        tensor.name(),
        tensor.dtype(),
        tensor.shape(),
        tensor.bytes(),
        tensor.bitsPerWeight());
    Spectrum found = tensor.spectrum();
    if (found != null) {
      out.printf(
          Locale.ROOT,
          "  top %-10s share %-7s gap %-8s heavy %s%d  %s",
          number(found.topEigenvalue(), "%.4g"),
          number(found.topShare(), "%.4f"),
          number(found.gap(), "%.3f"),
          found.moreHeavyRows() ? "at least " : "",
          found.heavyRows(),
          found.verdict());
    }
    Spread spread = tensor.spread();
    if (spread != null) {
      out.printf(
          Locale.ROOT,
          "  rms %-10.4g largest %-7.1f kurtosis %-8.2f outliers %-7d imbalance %s",
          spread.rms(),
          spread.largest(),
          spread.kurtosis(),
          spread.outliers(),
          number(spread.imbalance(), "%.2f"));
    }
    out.println();
    if (found != null) {
      found.warnings().forEach(warning -> out.println("    " + warning));
    }
    out.flush();
  }

  private void printSum(List<TensorFacts> facts) {
    long weights = facts.stream().mapToLong(TensorFacts::elements).sum();
    long bytes = facts.stream().mapToLong(TensorFacts::bytes).sum();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%d tensors, %d weights, %d bytes, %.4f bits a weight%n",
        facts.size(),
        weights,
        bytes,
        weights == 0 ? 0 : 8.0 * bytes / weights);
    out.flush();
  }

  private static String number(@Nullable Double value, String format) {
    return value == null ? "none" : String.format(Locale.ROOT, format, value);
  }
}
