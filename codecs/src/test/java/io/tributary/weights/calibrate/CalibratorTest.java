package io.tributary.weights.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.weights.RowWorkers;
import io.tributary.weights.model.InputObserver;
import io.tributary.weights.model.LanguageModel;
import io.tributary.weights.model.LogitObserver;
import io.tributary.weights.model.TokenWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibratorTest {
  private static final long SEED = Long.getLong("test.seed", 7);
  private static final int WIDTH = 19;

  /** Inputs that follow from the token alone. */
  private static float[] inputs(int[] tokens, int width) {
    var inputs = new float[tokens.length * width];
    for (int t = 0; t < tokens.length; t++) {
      var random = new Random(tokens[t]);
      for (int i = 0; i < width; i++) {
        inputs[t * width + i] = (float) random.nextGaussian();
      }
    }
    return inputs;
  }

  private static final LanguageModel MODEL =
      new LanguageModel() {
        @Override
        public int vocabulary() {
          return 1000;
        }

        @Override
        public int context() {
          return 16;
        }

        @Override
        public void run(int[] tokens, InputObserver inputs, LogitObserver outputs) {
          inputs.see(List.of("a", "b"), inputs(tokens, WIDTH), tokens.length, WIDTH);
          inputs.see(List.of("c"), inputs(tokens, 3), tokens.length, 3);
        }
      };

  private static List<TokenWindow> windows(int count) {
    System.out.println("seed " + SEED);
    var random = new Random(SEED);
    var windows = new ArrayList<TokenWindow>();
    for (int i = 0; i < count; i++) {
      windows.add(TokenWindow.ofNext(random.ints(2 + random.nextInt(16), 0, 1000).toArray()));
    }
    return windows;
  }

  @Test
  void theHessianIsTheMeanOfAllProducts() {
    List<TokenWindow> windows = windows(11);
    try (RowWorkers workers = new RowWorkers(2)) {
      Calibration calibration = Calibrator.run(MODEL, windows, workers);
      assertThat(calibration.tensors()).containsExactlyInAnyOrder("a", "b", "c");
      var expected = new double[WIDTH * WIDTH];
      var magnitudes = new double[WIDTH];
      int count = 0;
      for (TokenWindow window : windows) {
        int[] passed = window.tokens();
        float[] inputs = inputs(passed, WIDTH);
        for (int t = 0; t < passed.length; t++) {
          count++;
          for (int i = 0; i < WIDTH; i++) {
            magnitudes[i] += Math.abs(inputs[t * WIDTH + i]);
            for (int j = 0; j < WIDTH; j++) {
              expected[i * WIDTH + j] += (double) inputs[t * WIDTH + i] * inputs[t * WIDTH + j];
            }
          }
        }
      }
      assertThat(calibration.tokens()).isEqualTo(count);
      for (int i = 0; i < expected.length; i++) {
        expected[i] /= count;
      }
      assertThat(calibration.hessian("a")).isEqualTo(expected);
      assertThat(calibration.of("b", WIDTH)).isEqualTo(expected);
      assertThat(calibration.hessian("c")).hasSize(9);
      for (int i = 0; i < WIDTH; i++) {
        assertThat(calibration.norms("b")[i]).isCloseTo(magnitudes[i] / count, within(1e-12));
      }
    }
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    List<TokenWindow> windows = windows(13);
    try (RowWorkers one = new RowWorkers(1);
        RowWorkers four = new RowWorkers(4)) {
      assertThat(Calibrator.run(MODEL, windows, four).hessian("a"))
          .isEqualTo(Calibrator.run(MODEL, windows, one).hessian("a"));
    }
  }

  @Test
  void tooLittleIsSaid() {
    try (RowWorkers workers = new RowWorkers(1)) {
      TokenWindow small = TokenWindow.ofNext(new int[WIDTH - 3]);
      assertThatThrownBy(() -> Calibrator.run(MODEL, List.of(small), workers))
          .isInstanceOf(TributaryException.class)
          .hasMessage(
              "calibration text: expected at least 19, the width of the model's widest matrix,"
                  + " found 15 tokens");
      assertThatThrownBy(() -> Calibrator.run(MODEL, List.of(), workers))
          .hasMessageContaining("found 0 tokens");
      Calibration calibration = Calibrator.run(MODEL, windows(8), workers);
      assertThatThrownBy(() -> calibration.hessian("norm"))
          .hasMessageContaining("tensor norm: expected inputs seen in calibration")
          .extracting(e -> ((TributaryException) e).code())
          .isEqualTo(ErrorCode.INVALID_SETTING);
      assertThatThrownBy(() -> calibration.of("a", 5))
          .hasMessageContaining("expected 19 as in calibration, found 5");
    }
  }
}
