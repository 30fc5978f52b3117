package io.tributary.bench.amaq;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.LearnedPeer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How fast one thread takes a matrix of activations across a cut and back, with gates spread over
 * widths as learning leaves them, beside a copy of the same float32 in turn with it.
 */
final class CutSpeed {
  private static final List<String> CODECS = List.of("amaq:fixed", "amaq", "amaqec");

  /** The budgets in bits a value that are timed. */
  private static final double[] BUDGETS = {3, 4, 6};

  private static final int CHANNELS = 4096;
  private static final int UPDATES = 200;
  private static final int WARM_UP = 6;

  private final LearnedCodecs codecs;
  private final int rows;
  private final int trials;

  CutSpeed(LearnedCodecs codecs, boolean quick) {
    this.codecs = codecs;
    rows = quick ? 64 : 4096;
    trials = quick ? 3 : 31;
  }

  /** All rows. */
  record Figures(List<Row> rows) {}

  /**
   * A row of the table: medians over trials, in 1e9 bytes of float32 a second.
   *
   * @param meanBits of the channels
   * @param feedbackGbps the gradient of the gates, with the check that gradients are finite
   */
  record Row(
      String codec,
      int channels,
      int rows,
      @JsonProperty("mean_bits") double meanBits,
      @JsonProperty("encode_gbps") double encodeGbps,
      @JsonProperty("decode_gbps") double decodeGbps,
      @JsonProperty("feedback_gbps") double feedbackGbps,
      @JsonProperty("copy_gbps") double copyGbps,
      @JsonProperty("encode_vs_copy") double encodeVsCopy,
      @JsonProperty("decode_vs_copy") double decodeVsCopy) {}

  /** Times every codec at every budget. */
  Figures measure(long seed, PrintWriter out) {
    var random = new Random(seed);
    var activations = new float[CHANNELS * rows];
    for (int i = 0; i < activations.length; i++) {
      activations[i] = (float) (random.nextGaussian() * (1 + i % CHANNELS % 7));
    }
    var gradients = new float[activations.length];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = (float) random.nextGaussian() * 1e-3f;
    }
    var measured = new ArrayList<Row>();
    out.println("| codec | bits | encode, GB/s | decode | feedback | copy |");
    out.println("| --- | --- | --- | --- | --- | --- |");
    for (String codec : CODECS) {
      for (double budget : BUDGETS) {
        Row row = measure(codec, budget, activations, gradients, random);
        out.printf(
            Locale.ROOT,
            "| %s | %.2f | %.1f | %.1f | %.1f | %.1f |%n",
            codec,
            row.meanBits(),
            row.encodeGbps(),
            row.decodeGbps(),
            row.feedbackGbps(),
            row.copyGbps());
        out.flush();
        measured.add(row);
      }
    }
    return new Figures(measured);
  }

  private Row measure(
      String codec, double budget, float[] activations, float[] gradients, Random random) {
    var plan = new CutPlan(CHANNELS, rows, budget, Math.max(budget, 6), UPDATES, 1);
    var target = new float[activations.length];
    var seconds = new double[4][trials];
    try (LearnedCodec owner = codecs.open(codec, plan);
        LearnedPeer peer = codecs.openPeer(codec, plan)) {
      spread(owner, random);
      var bytes = new byte[owner.maxEncodedLength(rows)];
      for (int t = -WARM_UP; t < trials; t++) {
        var batch = CutRows.ordinary(t + WARM_UP, rows);
        long start = System.nanoTime();
        System.arraycopy(activations, 0, target, 0, target.length);
        long copied = System.nanoTime();
        byte[] table = owner.takeTable();
        int length = owner.encode(batch, activations, 0, bytes, 0);
        long encoded = System.nanoTime();
        if (table.length > 0) {
          peer.acceptTable(table, 0, table.length);
        }
        long ready = System.nanoTime();
        peer.decode(bytes, 0, length, target, 0);
        long decoded = System.nanoTime();
        owner.feedback(batch, activations, 0, gradients, 0);
        long learned = System.nanoTime();
        if (t >= 0) {
          seconds[0][t] = (copied - start) / 1e9;
          seconds[1][t] = (encoded - copied) / 1e9;
          seconds[2][t] = (decoded - ready) / 1e9;
          seconds[3][t] = (learned - decoded) / 1e9;
        }
      }
      double gigabytes = activations.length * (double) Float.BYTES / 1e9;
      var rates = new double[4];
      for (int i = 0; i < rates.length; i++) {
        Arrays.sort(seconds[i]);
        rates[i] = gigabytes / seconds[i][trials / 2];
      }
      return new Row(
          codec,
          CHANNELS,
          rows,
          mean(owner.bits()),
          rates[1],
          rates[2],
          rates[3],
          rates[0],
          rates[1] / rates[0],
          rates[2] / rates[0]);
    }
  }

  /** Learns from noise for a while, so that channels differ in width. */
  private void spread(LearnedCodec owner, Random random) {
    var slopes = new float[CHANNELS];
    for (int u = 0; u < UPDATES; u++) {
      for (int c = 0; c < CHANNELS; c++) {
        slopes[c] = (float) random.nextGaussian() * 1e-3f - (c % 5) * 1e-3f;
      }
      owner.addSlopes(slopes);
      owner.update();
    }
  }

  private static double mean(float[] bits) {
    double sum = 0;
    for (float b : bits) {
      sum += b;
    }
    return sum / Math.max(1, bits.length);
  }
}
