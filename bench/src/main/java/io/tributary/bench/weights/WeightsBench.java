package io.tributary.bench.weights;

import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.calibrate.Calibration;
import io.tributary.weights.calibrate.Calibrator;
import io.tributary.weights.compress.ModelCompressor;
import io.tributary.weights.compress.ModelReport;
import io.tributary.weights.compress.RecipePolicy;
import io.tributary.weights.judge.JudgedModel;
import io.tributary.weights.judge.Perplexity;
import io.tributary.weights.model.LanguageModel;
import io.tributary.weights.model.TokenWindow;
import io.tributary.weights.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Compresses a model by one recipe after the other and judges what came out. For one thread. */
final class WeightsBench implements AutoCloseable {
  private static final double PLAIN_BITS = 32;

  private final JudgedText judged;
  private final RowWorkers workers = RowWorkers.ofMachine();
  private final WeightFile source;
  private final Path compressed;
  private final LanguageModel model;
  private final List<TokenWindow> windows;
  private final Calibration calibration;
  private final Recipe.Tools tools;

  /**
   * Opens a model and lets it read.
   *
   * @param most the windows that are judged, from the text's beginning
   * @param calibrated the windows behind them that are read for calibration. A text that is too
   *     short for both is halved
   * @param notes hears what recipes have to say
   */
  WeightsBench(JudgedText judged, int most, int calibrated, Consumer<String> notes) {
    this.judged = judged;
    source = WeightFormats.load().open(judged.model());
    compressed = temporary();
    JudgedModel opened = JudgedModel.of(judged.model(), source, judged.tokenizer());
    model = opened.model();
    List<TokenWindow> all = opened.windows(judged.text(), 0, most + calibrated);
    int count = all.size() == most + calibrated ? most : Math.min(most, all.size() / 2);
    if (count == 0) {
      throw Errors.invalidSetting(
          "text " + judged.text(), "one window", "two windows, one to judge and one to calibrate");
    }
    windows = all.subList(0, count);
    calibration =
        Calibrator.run(
            model, all.subList(count, Math.min(all.size(), count + calibrated)), workers);
    tools = new Recipe.Tools(calibration, workers, notes);
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("tributary-weights-").resolve("model.trib");
    } catch (IOException e) {
      throw Errors.storage("the folder of temporary files", "can't write to", e);
    }
  }

  /** The windows that are judged. */
  int windows() {
    return windows.size();
  }

  /** The tokens that were read for calibration. */
  long calibrationTokens() {
    return calibration.tokens();
  }

  /**
   * How much louder the loudest input of a matrix is than its median one, by mean magnitudes: what
   * AWQ makes use of. The median over all matrices.
   */
  double loudness() {
    double[] found =
        calibration.tensors().stream()
            .map(calibration::norms)
            .mapToDouble(
                norms -> {
                  Arrays.sort(norms);
                  return norms[norms.length - 1] / norms[norms.length / 2];
                })
            .sorted()
            .toArray();
    return found.length == 0 ? Double.NaN : found[found.length / 2];
  }

  /** The model as it is. */
  WeightsRow plain() {
    PeakMemory.reset();
    Perplexity found = Perplexity.of(model, windows, workers, done -> {});
    return row(WeightsRow.PLAIN, PLAIN_BITS, 0, 0, found, 0, PeakMemory.megabytes());
  }

  /** The model after a recipe. */
  WeightsRow run(String recipe) {
    RecipePolicy policy = RecipePolicy.parse(recipe);
    PeakMemory.reset();
    long began = System.nanoTime();
    var compressor = new ModelCompressor(tools, calibration.tensors(), tensor -> {});
    ModelReport report = compressor.compress(source, policy, compressed);
    double seconds = (System.nanoTime() - began) / 1e9;
    double peak = PeakMemory.megabytes();
    Perplexity found;
    try (WeightFile file = WeightFormats.load().open(compressed)) {
      found = Perplexity.of(LanguageModel.of(file), windows, workers, done -> {});
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
        judged.name(),
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
    workers.close();
    source.close();
    try {
      Files.deleteIfExists(compressed);
      Files.deleteIfExists(compressed.resolveSibling(""));
    } catch (IOException e) {
      throw Errors.storage(compressed, "can't delete", e);
    }
  }
}
