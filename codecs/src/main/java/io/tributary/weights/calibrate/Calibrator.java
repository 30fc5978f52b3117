package io.tributary.weights.calibrate;

import io.tributary.error.Errors;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.model.LanguageModel;
import io.tributary.weights.model.LogitObserver;
import io.tributary.weights.model.TokenWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Passes a text through a model and gathers what its matrices are multiplied with. Memory holds the
 * inputs of a few windows, and for each group of matrices with the same inputs a square of their
 * width in float64.
 */
public final class Calibrator {
  /** Windows whose inputs are held at the same time. */
  private static final int WINDOWS = 4;

  private final HessianKernel kernel = HessianKernel.best();
  private final Map<List<String>, InputSums> sums = new LinkedHashMap<>();
  private final RowWorkers workers;
  private long tokens;

  private Calibrator(RowWorkers workers) {
    this.workers = workers;
  }

  /**
   * Gathers the inputs of all matrices.
   *
   * @param windows whose tokens are passed through
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if there are fewer tokens
   *     than a matrix has channels: its Hessian would not be positive definite
   */
  public static Calibration run(
      LanguageModel model, List<TokenWindow> windows, RowWorkers workers) {
    var calibrator = new Calibrator(workers);
    long available = windows.stream().mapToLong(window -> window.tokens().length).sum();
    for (int first = 0; first < windows.size(); first += WINDOWS) {
      int end = Math.min(windows.size(), first + WINDOWS);
      calibrator.pass(model, windows.subList(first, end));
      calibrator.checkLength(available);
    }
    calibrator.checkLength(available);
    var byTensor = new HashMap<String, InputSums>();
    calibrator.sums.forEach((names, found) -> names.forEach(name -> byTensor.put(name, found)));
    return new Calibration(byTensor, calibrator.tokens);
  }

  private void checkLength(long available) {
    int widest = sums.values().stream().mapToInt(InputSums::width).max().orElse(1);
    if (available < widest) {
      throw Errors.invalidSetting(
          "calibration text",
          available + " tokens",
          "at least " + widest + ", the width of the model's widest matrix");
    }
  }

  private void pass(LanguageModel model, List<TokenWindow> windows) {
    var passes = new ArrayList<Callable<Map<List<String>, InputPanels>>>();
    for (TokenWindow window : windows) {
      int[] passed = window.tokens();
      tokens += passed.length;
      passes.add(
          () -> {
            var seen = new LinkedHashMap<List<String>, InputPanels>();
            model.run(
                passed,
                (names, inputs, count, width) ->
                    seen.put(names, taken(names, inputs, count, width)),
                LogitObserver.NONE);
            return seen;
          });
    }
    var inputs = new ArrayList<Map<List<String>, InputPanels>>();
    workers.inOrder(passes, inputs::add);
    var additions = new ArrayList<Runnable>();
    sums.forEach(
        (names, sum) -> {
          for (int i = 0; i < sum.panels(); i++) {
            int panel = i;
            additions.add(
                () -> {
                  for (Map<List<String>, InputPanels> window : inputs) {
                    sum.add(kernel, Objects.requireNonNull(window.get(names)), panel);
                  }
                });
          }
        });
    workers.forEach(additions.size(), 1, (from, to) -> additions.get(from).run());
  }

  private InputPanels taken(List<String> names, float[] inputs, int count, int width) {
    synchronized (sums) {
      sums.computeIfAbsent(names, absent -> new InputSums(width));
    }
    return InputPanels.of(inputs, count, width);
  }
}
