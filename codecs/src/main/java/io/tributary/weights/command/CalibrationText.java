package io.tributary.weights.command;

import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.calibrate.Calibration;
import io.tributary.weights.calibrate.Calibrator;
import io.tributary.weights.model.LlamaModel;
import io.tributary.weights.token.ModelVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a text through a model, so that recipes know what its matrices are multiplied with. */
final class CalibrationText {
  private CalibrationText() {}

  /**
   * Calibrates.
   *
   * @param model the file or folder that {@code weights} were opened from
   * @param tokenizer its tokenizer, or null for one inside or beside it
   * @param most windows that are read, spread evenly over the text
   */
  static Calibration read(
      Path model,
      WeightFile weights,
      Path text,
      @Nullable Path tokenizer,
      int most,
      RowWorkers workers) {
    if (most < 1) {
      throw Errors.invalidSetting("--windows", most, "at least 1");
    }
    LlamaModel llama = LlamaModel.of(weights);
    String read;
    try {
      read = Files.readString(text);
    } catch (IOException e) {
      throw Errors.storage(text, "can't read", e);
    }
    int[] tokens = ModelVocabulary.of(model, weights, tokenizer).encode(read);
    int length = Math.min(llama.context(), Math.max(1, tokens.length));
    int whole = tokens.length / length;
    var windows = new ArrayList<int[]>();
    int count = Math.min(whole, most);
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) i * whole / count) * length;
      windows.add(Arrays.copyOfRange(tokens, from, from + length));
    }
    return Calibrator.run(llama, windows, workers);
  }
}
