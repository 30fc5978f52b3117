package io.tributary.weights.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.codecs.internal.SimdSupport;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BertModelTest {
  private static final long SEED = Long.getLong("test.seed", 7);
  private static final int WIDTH = SmallBert.WIDTH;
  private static final int HEAD = 64;
  private static final String PREFIX = "module/";
  private static final int[] TOKENS = {1, 20, 3, 3, 29, 0, 7};

  private final SmallBert file = new SmallBert(PREFIX, SEED);

  BertModelTest() {
    System.out.println("seed " + SEED);
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

  /** A row of a matrix, or a vector. */
  private double[] row(String name, int row, int width) {
    float[] values = file.values(PREFIX + name);
    var taken = new double[width];
    for (int i = 0; i < width; i++) {
      taken[i] = values[row * width + i];
    }
    return taken;
  }

  private double[] linear(String name, double[] x, int out) {
    double[] y = row(name + "bias", 0, out);
    for (int o = 0; o < out; o++) {
      double[] weights = row(name + "kernel", o, x.length);
      for (int i = 0; i < x.length; i++) {
        y[o] += weights[i] * x[i];
      }
    }
    return y;
  }

  private double[] normed(String name, double[] x) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double[] gain = row(name + "LayerNorm/gamma", 0, x.length);
    double[] y = row(name + "LayerNorm/beta", 0, x.length);
    for (int i = 0; i < x.length; i++) {
      y[i] += (x[i] - mean) / Math.sqrt(variance + 1e-12) * gain[i];
    }
    return y;
  }

  private static double[] sum(double[] x, double[] y) {
    var sum = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      sum[i] = x[i] + y[i];
    }
    return sum;
  }

  /** The integral of the Gaussian by Simpson's rule. */
  private static double gelu(double x) {
    int steps = 2000;
    double area = 0;
    for (int i = 0; i <= steps; i++) {
      double t = x * i / steps;
      int weight = i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4;
      area += weight * StrictMath.exp(-t * t / 2);
    }
    return x * (0.5 + area * x / steps / 3 / Math.sqrt(2 * Math.PI));
  }

  private static double dot(double[] x, double[] y, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** What all positions attend to, head by head, in float64. */
  private List<double[]> attended(String self, List<double[]> states) {
    var queries = states.stream().map(x -> linear(self + "query/", x, WIDTH)).toList();
    var keys = states.stream().map(x -> linear(self + "key/", x, WIDTH)).toList();
    var values = states.stream().map(x -> linear(self + "value/", x, WIDTH)).toList();
    var all = new ArrayList<double[]>();
    for (double[] query : queries) {
      var mixed = new double[WIDTH];
      for (int from = 0; from < WIDTH; from += HEAD) {
        var shares = new double[keys.size()];
        for (int s = 0; s < shares.length; s++) {
          shares[s] = StrictMath.exp(dot(query, keys.get(s), from, HEAD) / Math.sqrt(HEAD));
        }
        double total = Arrays.stream(shares).sum();
        for (int s = 0; s < shares.length; s++) {
          for (int i = from; i < from + HEAD; i++) {
            mixed[i] += shares[s] / total * values.get(s)[i];
          }
        }
      }
      all.add(mixed);
    }
    return all;
  }

  private List<double[]> expected() {
    String words = "bert/embeddings/";
    List<double[]> states = new ArrayList<>();
    for (int t = 0; t < TOKENS.length; t++) {
      double[] x = row(words + "word_embeddings", TOKENS[t], WIDTH);
      x = sum(x, row(words + "position_embeddings", t, WIDTH));
      states.add(normed(words, sum(x, row(words + "token_type_embeddings", 0, WIDTH))));
    }
    for (int l = 0; l < SmallBert.LAYERS; l++) {
      String layer = "bert/encoder/layer_" + l + "/";
      List<double[]> mixed = attended(layer + "attention/self/", states);
      List<double[]> after = new ArrayList<>();
      for (int t = 0; t < TOKENS.length; t++) {
        double[] out = linear(layer + "attention/output/dense/", mixed.get(t), WIDTH);
        double[] x = normed(layer + "attention/output/", sum(states.get(t), out));
        double[] up = linear(layer + "intermediate/dense/", x, SmallBert.INNER);
        double[] hidden = Arrays.stream(up).map(BertModelTest::gelu).toArray();
        double[] down = linear(layer + "output/dense/", hidden, WIDTH);
        after.add(normed(layer + "output/", sum(x, down)));
      }
      states = after;
    }
    String head = "cls/predictions/";
    List<double[]> logits = new ArrayList<>();
    for (double[] state : states) {
      double[] x = linear(head + "transform/dense/", state, WIDTH);
      double[] y = normed(head + "transform/", Arrays.stream(x).map(BertModelTest::gelu).toArray());
      double[] predicted = row(head + "output_bias", 0, SmallBert.VOCABULARY);
      for (int v = 0; v < predicted.length; v++) {
        predicted[v] += dot(y, row(words + "word_embeddings", v, WIDTH), 0, WIDTH);
      }
      logits.add(predicted);
    }
    return logits;
  }

  @Test
  void predictionsAreThePlainOnes() {
    float[][] found = logits(BertModel.of(file), TOKENS);
    List<double[]> expected = expected();
    for (int t = 0; t < TOKENS.length; t++) {
      for (int v = 0; v < SmallBert.VOCABULARY; v++) {
        assertThat((double) found[t][v]).isCloseTo(expected.get(t)[v], within(5e-4));
      }
    }
  }

  @Test
  void vectorsChangeNoBit() {
    String reason = SimdSupport.unusableBecause();
    assumeTrue(reason.isEmpty(), reason);
    assertThat(logits(BertModel.of(file, new ModelSimdKernel()), TOKENS))
        .isDeepEqualTo(logits(BertModel.of(file, new ModelScalarKernel()), TOKENS));
  }

  @Test
  void onlyWhatIsWantedIsShown() {
    LanguageModel model = LanguageModel.of(file);
    assertThat(model.isMasked()).isTrue();
    assertThat(model.context()).isEqualTo(SmallBert.CONTEXT);
    float[][] all = logits(model, TOKENS);
    var seen = new ArrayList<Integer>();
    model.run(
        TOKENS,
        InputObserver.NONE,
        new LogitObserver() {
          @Override
          public boolean wants(int position) {
            return position % 4 == 2;
          }

          @Override
          public void see(int position, float[] logits, int at) {
            seen.add(position);
            assertThat(Arrays.copyOfRange(logits, at, at + model.vocabulary()))
                .isEqualTo(all[position]);
          }
        });
    assertThat(seen).containsExactly(2, 6);
  }

  @Test
  void inputsOfAllMatricesOfLayersAreShown() {
    var names = new ArrayList<String>();
    LanguageModel.of(file)
        .run(
            TOKENS,
            (tensors, inputs, count, width) -> {
              assertThat(count).isEqualTo(TOKENS.length);
              for (String tensor : tensors) {
                assertThat(file.rows(tensor).width()).isEqualTo(width);
              }
              names.addAll(tensors);
            },
            LogitObserver.NONE);
    assertThat(names)
        .containsExactlyInAnyOrderElementsOf(
            file.tensors().stream()
                .map(tensor -> tensor.name())
                .filter(name -> name.endsWith("/kernel"))
                .toList());
  }

  private void refused(String message) {
    assertThatThrownBy(() -> BertModel.of(file))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE))
        .hasMessageContaining(message);
  }

  @Test
  void otherTensorsAreRefused() {
    file.replace(PREFIX + "bert/encoder/layer_1/output/dense/bias", 5);
    refused("layer_1/output/dense/bias: expected 1 rows of 128, found 1 of 5");
    file.remove(PREFIX + "bert/encoder/layer_0/intermediate/dense/kernel");
    refused("expected a matrix module/bert/encoder/layer_0/intermediate/dense/kernel, found none");
    file.replace(PREFIX + "bert/embeddings/word_embeddings", SmallBert.VOCABULARY, 100);
    refused("a width of a multiple of 64, found 100");
  }

  @Test
  void otherSequencesAreRefused() {
    BertModel model = BertModel.of(file);
    for (int[] tokens : new int[][] {{}, {30}, {-1}, new int[SmallBert.CONTEXT + 1]}) {
      assertThatThrownBy(() -> model.run(tokens, InputObserver.NONE, LogitObserver.NONE))
          .extracting(e -> ((TributaryException) e).code())
          .isEqualTo(ErrorCode.INVALID_SETTING);
    }
  }
}
