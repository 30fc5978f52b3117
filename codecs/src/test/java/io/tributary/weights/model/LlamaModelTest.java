package io.tributary.weights.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.tensor.RowMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaModelTest {
  private static final long SEED = Long.getLong("test.seed", 7);
  private static final int DIM = SmallLlama.DIM;
  private static final int[] TOKENS = {1, 200, 3, 3, 77, 259, 0};

  @TempDir Path folder;

  private WeightFile file() throws IOException {
    System.out.println("seed " + SEED);
    return WeightFormats.load().open(SmallLlama.write(folder, SEED));
  }

  private static float[][] logits(LanguageModel model, int... tokens) {
    var all = new float[tokens.length][model.vocabulary()];
    model.run(
        tokens,
        InputObserver.NONE,
        (position, logits, at) ->
            System.arraycopy(logits, at, all[position], 0, all[position].length));
    return all;
  }

  /** The plainest way to say it, in float64. */
  private static double[][] expected(WeightFile file, int... tokens) {
    int head = DIM / SmallLlama.HEADS;
    int count = tokens.length;
    double[][] embedding = matrix(file, "tok_embeddings.weight");
    var state = new double[count][];
    for (int t = 0; t < count; t++) {
      state[t] = embedding[tokens[t]].clone();
    }
    for (int layer = 0; layer < SmallLlama.LAYERS; layer++) {
      String name = "layers." + layer + ".";
      var queries = new double[count][];
      var keys = new double[count][];
      var values = new double[count][];
      for (int t = 0; t < count; t++) {
        double[] x = normed(state[t], matrix(file, name + "attention_norm.weight")[0]);
        queries[t] = turned(times(matrix(file, name + "attention.wq.weight"), x), t, head);
        keys[t] = turned(times(matrix(file, name + "attention.wk.weight"), x), t, head);
        values[t] = times(matrix(file, name + "attention.wv.weight"), x);
      }
      for (int t = 0; t < count; t++) {
        var mixed = new double[DIM];
        for (int h = 0; h < SmallLlama.HEADS; h++) {
          int kv = h * SmallLlama.KV_HEADS / SmallLlama.HEADS * head;
          var shares = new double[t + 1];
          double sum = 0;
          for (int s = 0; s <= t; s++) {
            double score = 0;
            for (int i = 0; i < head; i++) {
              score += queries[t][h * head + i] * keys[s][kv + i];
            }
            shares[s] = StrictMath.exp(score / Math.sqrt(head));
            sum += shares[s];
          }
          for (int s = 0; s <= t; s++) {
            for (int i = 0; i < head; i++) {
              mixed[h * head + i] += shares[s] / sum * values[s][kv + i];
            }
          }
        }
        add(state[t], times(matrix(file, name + "attention.wo.weight"), mixed));
        double[] x = normed(state[t], matrix(file, name + "ffn_norm.weight")[0]);
        double[] gate = times(matrix(file, name + "feed_forward.w1.weight"), x);
        double[] up = times(matrix(file, name + "feed_forward.w3.weight"), x);
        for (int i = 0; i < gate.length; i++) {
          gate[i] = gate[i] / (1 + StrictMath.exp(-gate[i])) * up[i];
        }
        add(state[t], times(matrix(file, name + "feed_forward.w2.weight"), gate));
      }
    }
    var logits = new double[count][];
    for (int t = 0; t < count; t++) {
      logits[t] = times(embedding, normed(state[t], matrix(file, "norm.weight")[0]));
    }
    return logits;
  }

  private static double[][] matrix(WeightFile file, String name) {
    RowMatrix rows = file.rows(name);
    var matrix = new double[(int) rows.rows()][rows.width()];
    var row = new float[rows.width()];
    for (int r = 0; r < matrix.length; r++) {
      rows.read(r, 1, row, 0);
      for (int i = 0; i < row.length; i++) {
        matrix[r][i] = row[i];
      }
    }
    return matrix;
  }

  private static double[] times(double[][] matrix, double[] x) {
    var y = new double[matrix.length];
    for (int r = 0; r < y.length; r++) {
      for (int i = 0; i < x.length; i++) {
        y[r] += matrix[r][i] * x[i];
      }
    }
    return y;
  }

  private static void add(double[] target, double[] change) {
    for (int i = 0; i < target.length; i++) {
      target[i] += change[i];
    }
  }

  private static double[] normed(double[] x, double[] weights) {
    double squares = 0;
    for (double value : x) {
      squares += value * value;
    }
    var y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] / Math.sqrt(squares / x.length + 1e-5) * weights[i];
    }
    return y;
  }

  private static double[] turned(double[] x, int position, int head) {
    var y = new double[x.length];
    for (int i = 0; i < x.length; i += 2) {
      double angle = position * StrictMath.pow(10_000, -(double) (i % head) / head);
      double cosine = StrictMath.cos(angle);
      double sine = StrictMath.sin(angle);
      y[i] = x[i] * cosine - x[i + 1] * sine;
      y[i + 1] = x[i] * sine + x[i + 1] * cosine;
    }
    return y;
  }

  @Test
  void logitsAreThoseOfTheTextbook() throws IOException {
    try (WeightFile file = file()) {
      float[][] found = logits(LlamaModel.of(file), TOKENS);
      double[][] expected = expected(file, TOKENS);
      for (int t = 0; t < TOKENS.length; t++) {
        for (int i = 0; i < expected[t].length; i++) {
          assertThat((double) found[t][i]).isCloseTo(expected[t][i], within(2e-5));
        }
      }
    }
  }

  @Test
  void vectorsChangeNoBit() throws IOException {
    try (WeightFile file = file()) {
      float[][] definition = logits(LlamaModel.of(file, new ModelScalarKernel()), TOKENS);
      assertThat(logits(LlamaModel.of(file), TOKENS)).isDeepEqualTo(definition);
    }
  }

  @Test
  void whatFollowsChangesNothingBefore() throws IOException {
    try (WeightFile file = file()) {
      LanguageModel model = LlamaModel.of(file);
      float[][] few = logits(model, 5, 6, 7);
      float[][] more = logits(model, 5, 6, 7, 8, 9);
      for (int t = 0; t < few.length; t++) {
        assertThat(more[t]).isEqualTo(few[t]);
      }
    }
  }

  @Test
  void everyMatrixShowsItsInputs() throws IOException {
    try (WeightFile file = file()) {
      var widths = new TreeMap<String, Integer>();
      LlamaModel.of(file)
          .run(
              TOKENS,
              (names, inputs, count, width) -> {
                assertThat(count).isEqualTo(TOKENS.length);
                names.forEach(name -> widths.put(name, width));
              },
              LogitObserver.NONE);
      assertThat(widths).hasSize(7 * SmallLlama.LAYERS + 1);
      for (WeightTensor tensor : file.tensors()) {
        if (widths.containsKey(tensor.name())) {
          assertThat(tensor.width()).isEqualTo((long) widths.get(tensor.name()));
        }
      }
    }
  }

  @Test
  void whatIsNoSequenceIsRefused() throws IOException {
    try (WeightFile file = file()) {
      LanguageModel model = LlamaModel.of(file);
      assertThatThrownBy(() -> logits(model, new int[17]))
          .isInstanceOf(TributaryException.class)
          .hasMessage("tokens of a sequence: expected 1 to the model's context 16, found 17");
      assertThatThrownBy(() -> logits(model, 3, 260))
          .hasMessage("token 1: expected 0 to 259, the vocabulary's, found 260");
    }
  }

  @Test
  void whatIsNoSuchModelIsRefused() {
    WeightFile other =
        new WeightFile() {
          @Override
          public List<WeightTensor> tensors() {
            return List.of(new WeightTensor("weights", "F32", List.of(1L), 4));
          }

          @Override
          public Map<String, String> metadata() {
            return Map.of();
          }

          @Override
          public RowMatrix rows(String name) {
            throw new AssertionError(name);
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(() -> LlamaModel.of(other))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("expected tensors named like e.weight and b.0.q.weight")
        .hasMessageEndingWith("found [weights]")
        .extracting(e -> ((TributaryException) e).code())
        .isEqualTo(ErrorCode.STORAGE);
  }
}
