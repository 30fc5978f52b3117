package io.tributary.weights.judge;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.file.TribFile;
import io.tributary.weights.model.TokenWindow;
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

/** {@code tributary eval}: how well a model predicts a text. */
@Command(
    name = "eval",
    description = {
      "Tell how well a model predicts a text: the mean negative log-likelihood of a token, in"
          + " nats,",
      "and the perplexity. The model is a causal one of Llama's architecture, or BERT with its",
      "head for masked tokens, in any format of weights, compressed ones too. The text is cut into",
      "windows. Llama predicts each token from those before it in its window; if the vocabulary has a",
      "token for beginnings, each line is a window. BERT predicts 15 % of a window's tokens, which a",
      "mask hides, from the others; which ones is drawn, always the same."
    })
final class EvalCommand implements Callable<Integer> {
  private static final int WINDOWS_PER_LINE = 32;

  @Parameters(paramLabel = "MODEL", description = "A file of weights, or a folder of them.")
  private Path path;

  @Option(names = "--text", required = true, paramLabel = "FILE", description = "Text in UTF-8.")
  private Path text;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "The model's vocabulary: a tokenizer.json, BERT's vocab.txt or an archive with it, or"
              + " llama2.c's; by default the one in or beside the model.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--windows",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many windows from the text's beginning; 0, the default, for all.")
  private int windows;

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The tokens of a window; 0, the default, for the model's context, or 128 with" + " BERT.")
  private int context;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Windows at the same time; 0, the default, for one on each processor.")
  private int threads;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** What the JSON file holds beside the facts of the run. */
  private record Figures(List<Row> rows) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  private record Row(
      String model,
      String text,
      double nll,
      double perplexity,
      long tokens,
      int windows,
      double tokensPerSecond,
      double seconds) {}

  @Override
  public Integer call() {
    if (windows < 0 || context < 0 || threads < 0 || threads > 1024) {
      throw Errors.invalidSetting(
          "--windows, --context, --threads",
          windows + ", " + context + ", " + threads,
          "none below 0, and at most 1024 threads");
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    long began = System.nanoTime();
    JudgedModel judged = open();
    List<TokenWindow> cut =
        judged.windows(text, context, windows == 0 ? Integer.MAX_VALUE : windows);
    long loaded = System.nanoTime();
    Perplexity found;
    try (RowWorkers workers = threads == 0 ? RowWorkers.ofMachine() : new RowWorkers(threads)) {
      found = Perplexity.of(judged.model(), cut, workers, done -> tellProgress(done, cut.size()));
    }
    double seconds = (System.nanoTime() - loaded) / 1e9;
    var row =
        new Row(
            path.toString(),
            text.toString(),
            found.nll(),
            found.perplexity(),
            found.tokens(),
            found.windows(),
            found.tokens() / seconds,
            seconds);
    print(row);
    if (json != null) {
      List<String> options = spec.commandLine().getParseResult().originalArgs();
      MeasurementFacts.here("none", 0, options, (System.nanoTime() - began) / 1e9)
          .write(json, new Figures(List.of(row)));
    }
    return 0;
  }

  /** Says so if it is the beginning of a model. */
  private JudgedModel open() {
    try (WeightFile file = WeightFormats.load().open(path)) {
      if (file instanceof TribFile model && !model.extent().isWhole()) {
        spec.commandLine().getOut().println(path + ": " + model.extent());
      }
      return JudgedModel.of(path, file, tokenizer);
    }
  }

  private void tellProgress(int done, int all) {
    if (done % WINDOWS_PER_LINE == 0 && done < all) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(Locale.ROOT, "%d of %d windows%n", done, all);
      err.flush();
    }
  }

  private void print(Row row) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "nll %.5f  perplexity %.4f  over %d tokens in %d windows, %.1f s, %.0f tokens/s%n",
        row.nll,
        row.perplexity,
        row.tokens,
        row.windows,
        row.seconds,
        row.tokensPerSecond);
    out.flush();
  }
}
