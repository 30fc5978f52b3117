package io.tributary.weights.command;

import io.tributary.error.Errors;
import io.tributary.file.WeightFile;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.calibrate.Calibration;
import io.tributary.weights.calibrate.Calibrator;
import io.tributary.weights.judge.JudgedModel;
import io.tributary.weights.model.TokenWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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
    JudgedModel judged = JudgedModel.of(model, weights, tokenizer);
    List<TokenWindow> windows =
        judged.model().isMasked()
            ? spread(judged.windows(text, 0, Integer.MAX_VALUE), most)
            : spread(pieces(judged, text), most);
    return Calibrator.run(judged.model(), windows, workers);
  }

  private static List<TokenWindow> spread(List<TokenWindow> windows, int most) {
    int count = Math.min(windows.size(), most);
    return IntStream.range(0, count)
        .mapToObj(i -> windows.get((int) ((long) i * windows.size() / count)))
        .toList();
  }

  /** Pieces of a text as one, each as long as the model's context; what is left is none. */
  private static List<TokenWindow> pieces(JudgedModel judged, Path text) {
    String read;
    try {
      read = Files.readString(text);
    } catch (IOException e) {
      throw Errors.storage(text, "can't read", e);
    }
    int[] tokens = judged.tokenizer().encode(read);
    int length = Math.min(judged.model().context(), Math.max(2, tokens.length));
    var pieces = new ArrayList<TokenWindow>();
    for (int at = 0; at + length <= tokens.length; at += length) {
      pieces.add(TokenWindow.ofNext(Arrays.copyOfRange(tokens, at, at + length)));
    }
    return pieces;
  }
}
