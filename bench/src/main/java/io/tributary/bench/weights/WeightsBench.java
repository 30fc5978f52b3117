package io.tributary.bench.weights;

import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.compress.ModelReport;
import io.tributary.weights.compress.RecipePolicy;
import io.tributary.weights.judge.Perplexity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Compresses a model by one recipe after the other and judges what came out. For one thread. */
final class WeightsBench implements AutoCloseable {
  private static final double PLAIN_BITS = 32;

  private final String name;
  private final CalibratedModel model;
  private final Path compressed = temporary();

  /** Of a model that is open, and stays so. */
  WeightsBench(String name, CalibratedModel model) {
    this.name = name;
    this.model = model;
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("tributary-weights-").resolve("model.trib");
    } catch (IOException e) {
      throw Errors.storage("the folder of temporary files", "can't write to", e);
    }
  }

  /** The model as it is. */
  WeightsRow plain() {
    PeakMemory.reset();
    Perplexity found = model.judge();
    return row(WeightsRow.PLAIN, PLAIN_BITS, 0, 0, found, 0, PeakMemory.megabytes());
  }

  /** The model after a recipe. */
  WeightsRow run(String recipe) {
    RecipePolicy policy = RecipePolicy.parse(recipe);
    PeakMemory.reset();
    long began = System.nanoTime();
    ModelReport report = model.compressor().compress(model.source(), policy, compressed);
    double seconds = (System.nanoTime() - began) / 1e9;
    double peak = PeakMemory.megabytes();
    Perplexity found;
    try (WeightFile file = WeightFormats.load().open(compressed)) {
      found = model.judge(file);
    }
    return row(
        recipe,
        report.bitsPerWeight(),
        report.weightError(),
        report.proxyLoss(),
        found,
        seconds,
        peak);
  }

  private WeightsRow row(
      String recipe,
      double bits,
      double weightError,
      double proxyLoss,
      Perplexity found,
      double seconds,
      double peak) {
    return new WeightsRow(
        name,
        recipe,
        bits,
        weightError,
        Double.isNaN(proxyLoss) ? null : proxyLoss,
        found.nll(),
        found.perplexity(),
        seconds,
        peak);
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(compressed);
      Files.deleteIfExists(compressed.resolveSibling(""));
    } catch (IOException e) {
      throw Errors.storage(compressed, "can't delete", e);
    }
  }
}
