package io.tributary.bench.weights;

import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.calibrate.Calibration;
import io.tributary.weights.calibrate.Calibrator;
import io.tributary.weights.compress.ModelCompressor;
import io.tributary.weights.judge.JudgedModel;
import io.tributary.weights.judge.Perplexity;
import io.tributary.weights.model.LanguageModel;
import io.tributary.weights.model.TokenWindow;
import io.tributary.weights.recipe.Recipe;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A model that is open, the windows of its text that judge what recipes make of it, and what it has
 * seen of the windows behind them. For one thread.
 */
public final class CalibratedModel implements AutoCloseable {
  private final RowWorkers workers = RowWorkers.ofMachine();
  private final WeightFile source;
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
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if the text has no two
   *     windows
   */
  public CalibratedModel(JudgedText judged, int most, int calibrated, Consumer<String> notes) {
    source = WeightFormats.load().open(judged.model());
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

  /** The model's file. */
  public WeightFile source() {
    return source;
  }

  /** The windows that are judged. */
  public int windows() {
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

  /** How well the model predicts as it is. */
  public Perplexity judge() {
    return Perplexity.of(model, windows, workers, done -> {});
  }

  /** How well another file of the same model predicts. */
  public Perplexity judge(WeightFile file) {
    return Perplexity.of(LanguageModel.of(file), windows, workers, done -> {});
  }

  /** What compresses the model by what it has read. */
  public ModelCompressor compressor() {
    return new ModelCompressor(tools, calibration.tensors(), tensor -> {});
  }

  @Override
  public void close() {
    workers.close();
    source.close();
  }
}
