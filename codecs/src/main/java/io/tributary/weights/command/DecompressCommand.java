package io.tributary.weights.command;

import io.tributary.command.MeasurementFacts;
import io.tributary.command.StopSignal;
import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.file.safetensors.SafetensorsWriter;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.file.TribFile;
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

/** {@code tributary decompress}: any file of weights as float32. */
@Command(
    name = "decompress",
    description = {
      "Write a file of weights, compressed or not, as float32 in the safetensors format; or a .trib",
      "file as GGUF, if OUT ends in .gguf, with the model's vocabulary."
    })
final class DecompressCommand implements Callable<Integer> {
  @Parameters(paramLabel = "IN", description = "A file or folder of weights in any known format.")
  private Path input;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "The file to write; it appears when it is complete.")
  private Path output;

  @Option(
      names = "--part",
      description =
          "IN is the beginning of a .trib file in progressive order, though its name doesn't end in"
              + " .part.")
  private boolean part;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description =
          "The model's vocabulary, for GGUF: a tokenizer.json or llama2.c's; by default the one"
              + " beside IN.")
  private @Nullable Path tokenizer;

  @Option(names = "--json", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  /** A row of the JSON file. */
  private record Row(String name, List<Long> shape, long elements) {}

  /** What the JSON file holds beside the facts of the run. */
  private record Figures(long bytes, List<Row> rows) {}

  @Override
  public Integer call() {
    long began = System.nanoTime();
    OutputFile.check(input, output);
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
    Thread own = Thread.currentThread();
    try (var signal = new StopSignal("decompress");
        RowWorkers workers = RowWorkers.ofMachine();
        WeightFile source = part ? TribFile.openPart(input) : WeightFormats.load().open(input)) {
      // An interrupted thread writes no further, and what it began beside the output is removed.
      signal.then(own::interrupt);
      if (source instanceof TribFile file && !file.extent().isWhole()) {
        spec.commandLine().getOut().println(input + ": " + file.extent());
      }
      long bytes = write(source, workers);
      double seconds = (System.nanoTime() - began) / 1e9;
      spec.commandLine()
          .getOut()
          .printf(
              Locale.ROOT,
              "%d tensors, %d bytes, %.1f s%n",
              source.tensors().size(),
              bytes,
              seconds);
      spec.commandLine().getOut().flush();
      if (json != null) {
        List<Row> rows =
            source.tensors().stream().map(t -> new Row(t.name(), t.shape(), t.elements())).toList();
        List<String> options = spec.commandLine().getParseResult().originalArgs();
        MeasurementFacts.here("none", 0, options, seconds).write(json, new Figures(bytes, rows));
      }
    }
    return 0;
  }

  private long write(WeightFile source, RowWorkers workers) {
    if (!GgufOutput.isAskedBy(output)) {
      WeightFile shared = source instanceof TribFile file ? file.readBy(workers) : source;
      return SafetensorsWriter.write(shared, output, this::print);
    }
    if (!(source instanceof TribFile compressed)) {
      throw Errors.invalidSetting("IN", input, "a .trib file, since OUT is GGUF");
    }
    return new GgufOutput(output, input, source, tokenizer, spec.commandLine().getOut())
        .write(compressed);
  }

  private void print(WeightTensor tensor) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-32s %-24s %-16s %12d bytes%n",
        tensor.name(),
        tensor.type(),
        tensor.shape(),
        Float.BYTES * tensor.elements());
    out.flush();
  }
}
