package io.tributary.weights.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.compress.FileComparison;
import io.tributary.weights.judge.JudgedModel;
import io.tributary.weights.judge.Perplexity;
import io.tributary.weights.model.LanguageModel;
import io.tributary.weights.model.TokenWindow;
import io.tributary.weights.token.ModelVocabulary;
import io.tributary.weights.token.Tokenizer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary compare}: two files of weights, tensor by tensor. */
@Command(
    name = "compare",
    description = {
      "Compare two files of weights: size and error of each tensor.",
      "The error is the squared differences over the squares of the first file's values.",
      "With --text, also how well each predicts a text, as eval tells it."
    })
final class CompareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "A file or folder of weights.")
  private Path first;

  @Parameters(index = "1", paramLabel = "B", description = "Another, of the same tensors.")
  private Path second;

  @Option(names = "--text", paramLabel = "FILE", description = "A text in UTF-8 to predict.")
  private @Nullable Path text;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "The vocabulary of both: a tokenizer.json or llama2.c's; by default the one inside or"
              + " beside A, else B.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--windows",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many windows from the text's beginning; 0, the default, for all.")
  private int windows;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** What the JSON file holds beside the facts of the run. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Figures(
      List<FileComparison.Row> rows, @Nullable Perplexity a, @Nullable Perplexity b) {}

  @Override
  public Integer call() {
    long began = System.nanoTime();
    if (windows < 0) {
      throw Errors.invalidSetting("--windows", windows, "0 or more");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    Figures figures;
    WeightFormats formats = WeightFormats.load();
    try (WeightFile a = formats.open(first);
        WeightFile b = formats.open(second);
        RowWorkers workers = RowWorkers.ofMachine()) {
      List<FileComparison.Row> rows = FileComparison.compare(a, b, workers);
      rows.forEach(this::print);
      figures = new Figures(rows, null, null);
      if (text != null) {
        Tokenizer words = vocabulary(a, b);
        Perplexity ofA = judge("A", a, words, text, workers);
        figures = new Figures(rows, ofA, judge("B", b, words, text, workers));
      }
    }
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(json, figures);
    }
    return 0;
  }

  private Tokenizer vocabulary(WeightFile a, WeightFile b) {
    return ModelVocabulary.find(first, a, tokenizer)
        .or(() -> ModelVocabulary.find(second, b, tokenizer))
        .orElseGet(() -> ModelVocabulary.of(first, a, tokenizer));
  }

  private Perplexity judge(
      String name, WeightFile file, Tokenizer words, Path text, RowWorkers workers) {
    var judged = new JudgedModel(LanguageModel.of(file), words);
    List<TokenWindow> cut = judged.windows(text, 0, windows == 0 ? Integer.MAX_VALUE : windows);
    Perplexity found = Perplexity.of(judged.model(), cut, workers, done -> {});
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s: nll %.5f  perplexity %.4f  over %d tokens in %d windows%n",
        name,
        found.nll(),
        found.perplexity(),
        found.tokens(),
        found.windows());
    out.flush();
    return found;
  }

  private void print(FileComparison.Row row) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-32s %-16s bits %9s %9s  error %-10s largest %-10s%n",
        row.name(),
        row.shape(),
        number(row.bitsA(), "%.4f"),
        number(row.bitsB(), "%.4f"),
        number(row.error(), "%.3e"),
        number(row.largest(), "%.3e"));
    out.flush();
  }

  private static String number(@Nullable Double value, String format) {
    return value == null ? "absent" : String.format(Locale.ROOT, format, value);
  }
}
