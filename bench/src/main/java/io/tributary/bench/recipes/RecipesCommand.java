package io.tributary.bench.recipes;

import io.tributary.command.MeasurementFacts;
import io.tributary.error.Errors;
import io.tributary.weights.compress.RecipePolicy;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary bench recipes}: the speed of recipes for weights. */
@Command(
    name = "recipes",
    description = {
      "Compress a model of random weights by each recipe, decompress it, and tell how many bytes of",
      "float32 that takes in a second, files included; copying, writing and reading as many bytes"
          + " come first.",
      "The columns called disk say what it would be if only the device took time: read past the"
          + " system's cache, which the recipes' own reads most likely come from, and written.",
      "Recipes that must know a matrix's inputs (gptq and its like) are timed by 'bench weights'."
    })
public final class RecipesCommand implements Callable<Integer> {
  private static final List<String> ALL =
      List.of(
          "plain,type=f32",
          "rtn:4,g=128",
          "rtn:4,g=128,asym",
          "rtn:3,g=128,asym,search",
          "sinq:4,g=64",
          "hqq:4,g=64",
          "q8_0",
          "q4_0",
          "q2_k",
          "q3_k",
          "q4_k",
          "q5_k",
          "q6_k");
  private static final long QUICK_MEGABYTES = 16;

  @Option(
      names = "--recipe",
      paramLabel = "RECIPE",
      description = "This recipe alone; may be given several times.")
  private List<String> recipes = new ArrayList<>();

  @Option(
      names = "--mb",
      paramLabel = "N",
      defaultValue = "256",
      description = "MiB of the model as float32 (${DEFAULT-VALUE}; with --quick, 16).")
  private long megabytes;

  @Option(names = "--quick", description = "A small model: shows that all of it runs.")
  private boolean quick;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      defaultValue = "${sys:java.io.tmpdir}",
      description =
          "Where the files are made and removed; there must be room for four times the model"
              + " (${DEFAULT-VALUE}).")
  private Path folder;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "What the weights are drawn from (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.")
  private @Nullable Path json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long began = System.nanoTime();
    List<String> chosen = recipes.isEmpty() ? ALL : recipes;
    check(chosen);
    PrintWriter out = spec.commandLine().getOut();
    long bytes = (quick ? Math.min(megabytes, QUICK_MEGABYTES) : megabytes) << 20;
    try (var speed = new RecipeSpeed(folder, bytes, seed, out::println)) {
      double copied = speed.copySpeed();
      double read = speed.readSpeed();
      DiskSpeed disk = speed.disk();
      out.printf(
          Locale.ROOT,
          "%d MB of float32; GB/s of one thread: copied %.2f, written %.2f, read %.2f; the device"
              + " alone wrote %.2f, read %s%n",
          speed.bytes() / 1_000_000,
          copied,
          speed.writeSpeed(),
          read,
          disk.writeGbS(),
          disk.readGbS() == null ? "-" : String.format(Locale.ROOT, "%.2f", disk.readGbS()));
      out.printf(
          Locale.ROOT,
          "%-24s %10s %10s %10s %10s %8s %8s %8s %10s%n",
          "recipe",
          "compress",
          "disk",
          "decompress",
          "disk",
          "seconds",
          "seconds",
          "bits",
          "error");
      var rows = new ArrayList<RecipeRow>();
      for (String recipe : chosen) {
        RecipeRow row = speed.run(recipe);
        rows.add(row);
        print(out, row);
        if (json != null) {
          var figures =
              new RecipeFigures(
                  speed.bytes(),
                  Runtime.getRuntime().maxMemory(),
                  copied,
                  speed.writeSpeed(),
                  read,
                  disk,
                  rows);
          List<String> options = spec.commandLine().getParseResult().originalArgs();
          MeasurementFacts.here("none", seed, options, (System.nanoTime() - began) / 1e9)
              .write(json, figures);
        }
      }
    }
    return 0;
  }

  private void check(List<String> chosen) {
    if (megabytes < 1 || megabytes > 1 << 20) {
      throw Errors.invalidSetting("--mb", megabytes, "1 to 1048576");
    }
    if (!Files.isDirectory(folder)) {
      throw Errors.invalidSetting("--folder", folder, "a folder that exists");
    }
    for (String recipe : chosen) {
      if (RecipePolicy.parse(recipe).isCalibrated()) {
        throw Errors.invalidSetting(
            "--recipe", recipe, "one that needs no calibration; 'bench weights' times the others");
      }
    }
    if (json != null) {
      MeasurementFacts.checkWritable("--json", json);
    }
  }

  private static void print(PrintWriter out, RecipeRow row) {
    out.printf(
        Locale.ROOT,
        "%-24s %10.3f %10.3f %10.3f %10.3f %8.2f %8.2f %8.4f %10.3e%n",
        row.recipe(),
        row.compressGbS(),
        row.diskCompressGbS(),
        row.decompressGbS(),
        row.diskDecompressGbS(),
        row.compressSeconds(),
        row.decompressSeconds(),
        row.bitsPerWeight(),
        row.weightError());
    out.flush();
  }
}
