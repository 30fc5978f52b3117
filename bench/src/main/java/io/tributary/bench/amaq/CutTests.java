package io.tributary.bench.amaq;

import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.LearnedPeer;
import io.tributary.codec.UnknownTableException;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What must hold of amaq whatever is trained through it, seen from outside: both ends are opened as
 * a user opens them.
 */
final class CutTests {
  private static final int CHANNELS = 64;
  private static final int ROWS = 96;
  private static final int HEADER_BYTES = 20;
  private static final int BYTES_A_CHANNEL = 4;
  private static final int MESSAGES = 1000;
  private static final int STEPS = 600;
  private static final int IMPORTANT = 8;
  private static final double WEIGHT = 100;
  private static final double LN4 = 2 * StrictMath.log(2);

  private final LearnedCodecs codecs;
  private final SplittableRandom random;

  CutTests(LearnedCodecs codecs, long seed) {
    this.codecs = codecs;
    random = new SplittableRandom(seed);
  }

  List<CutTestRow> check() {
    var rows = new ArrayList<CutTestRow>();
    rows.add(roundTrip());
    rows.add(oddValues());
    rows.add(gateGradient());
    rows.add(budget());
    rows.addAll(adaptivity());
    rows.add(sameBits());
    return rows;
  }

  private static CutPlan plan(double budget, double start) {
    return new CutPlan(CHANNELS, ROWS, budget, start, STEPS, 7);
  }

  /** Values without outliers: a sum of three uniform numbers, channels of different size. */
  private float[] values() {
    var values = new float[ROWS * CHANNELS];
    for (int i = 0; i < values.length; i++) {
      double x = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
      values[i] = (float) (x * Math.scalb(1.0, i % CHANNELS % 9 - 4) + i % CHANNELS % 3);
    }
    return values;
  }

  /** What the other end makes of values, by a codec of its own. */
  private float[] throughCodec(String codec, CutPlan plan, float[] values) {
    LearnedCodec owner = codecs.open(codec, plan);
    LearnedPeer peer = codecs.openPeer(codec, plan);
    byte[] table = owner.takeTable();
    if (table.length > 0) {
      peer.acceptTable(table, 0, table.length);
    }
    var bytes = new byte[owner.maxEncodedLength(ROWS)];
    int length = owner.encode(CutRows.ordinary(0, ROWS), values, 0, bytes, 0);
    var received = new float[values.length];
    peer.decode(bytes, 0, length, received, 0);
    return received;
  }

  private CutTestRow roundTrip() {
    double worst = 0;
    int wrongSizes = 0;
    for (int bits = 2; bits <= 8; bits++) {
      float[] values = values();
      CutPlan plan = plan(bits, bits);
      float[] received = throughCodec("amaq:fixed", plan, values);
      for (int c = 0; c < CHANNELS; c++) {
        float least = Float.MAX_VALUE;
        float largest = -Float.MAX_VALUE;
        double error = 0;
        for (int i = c; i < values.length; i += CHANNELS) {
          least = Math.min(least, values[i]);
          largest = Math.max(largest, values[i]);
          error = Math.max(error, Math.abs((double) received[i] - values[i]));
        }
        double step = ((double) largest - least) / ((1 << bits) - 1);
        worst = Math.max(worst, error / step);
      }
      LearnedCodec owner = codecs.open("amaq:fixed", plan);
      var bytes = new byte[owner.maxEncodedLength(ROWS)];
      int length = owner.encode(CutRows.ordinary(0, ROWS), values, 0, bytes, 0);
      int codes = (ROWS * CHANNELS * bits + 7) / 8;
      int numberOfExceptions = 1;
      int expected = HEADER_BYTES + BYTES_A_CHANNEL * CHANNELS + codes + numberOfExceptions;
      wrongSizes += length == expected ? 0 : 1;
    }
    return new CutTestRow(
        "1: within half a step from 2 to 8 bits, size exact",
        worst < 0.51 && wrongSizes == 0,
        String.format(
            Locale.ROOT,
            "largest error %.4f of (max - min) / (2^b - 1), %d sizes differ",
            worst,
            wrongSizes));
  }

  private CutTestRow oddValues() {
    float[] values = values();
    for (int i = 0; i < values.length; i += CHANNELS) {
      values[i] = 0f;
      values[i + 1] = 3f;
    }
    float[] received = throughCodec("amaq:fixed", plan(2, 2), values);
    boolean kept = true;
    for (int i = 0; i < values.length; i += CHANNELS) {
      kept &= received[i] == 0f && received[i + 1] == 3f;
    }
    values[5 * CHANNELS + 7] = Float.NaN;
    String said = "nothing";
    try {
      throughCodec("amaq:fixed", plan(2, 2), values);
    } catch (TributaryException e) {
      said = e.code() == ErrorCode.NON_FINITE ? String.valueOf(e.getMessage()) : "another error";
    }
    return new CutTestRow(
        "2: zero and constant channels come back, NaN is named",
        kept && said.contains("row 5, channel 7"),
        said);
  }

  /** The slopes of gates against the difference quotient of the loss between whole widths. */
  private CutTestRow gateGradient() {
    float[] values = values();
    var gradients = new float[values.length];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = (float) (random.nextDouble() - 0.5);
    }
    CutPlan between = plan(4.5, 4.5);
    LearnedCodec owner = codecs.open("amaq", between);
    CutRows rows = CutRows.ordinary(0, ROWS);
    owner.encode(rows, values, 0, new byte[owner.maxEncodedLength(ROWS)], 0);
    owner.feedback(rows, values, 0, gradients.clone(), 0);
    float[] slopes = owner.slopes();
    float[] low = throughCodec("amaq:fixed", plan(4, 4), values);
    float[] high = throughCodec("amaq:fixed", plan(5, 5), values);
    double worst = 0;
    for (int c = 0; c < CHANNELS; c++) {
      double plus = 0;
      double minus = 0;
      double size = 0;
      for (int i = c; i < values.length; i += CHANNELS) {
        double way = (double) high[i] - low[i];
        plus += gradients[i] * (low[i] + 0.6 * way);
        minus += gradients[i] * (low[i] + 0.4 * way);
        size += Math.abs(gradients[i] * way);
      }
      worst = Math.max(worst, Math.abs((plus - minus) / 0.2 - slopes[c]) / size);
    }
    return new CutTestRow(
        "3: the gates' gradient is the central difference of the interpolated quantizer",
        worst < 1e-5,
        String.format(Locale.ROOT, "largest relative difference %.1e", worst));
  }

  private static double mean(float[] bits) {
    double sum = 0;
    for (float b : bits) {
      sum += b;
    }
    return sum / bits.length;
  }

  private CutTestRow budget() {
    var detail = new StringBuilder();
    double worst = 0;
    for (double budget : new double[] {2.5, 3, 4}) {
      LearnedCodec owner = codecs.open("amaq", plan(budget, 6));
      double off = 0;
      for (int step = 0; step < STEPS; step++) {
        var slopes = new float[CHANNELS];
        for (int c = 0; c < CHANNELS; c++) {
          slopes[c] = (float) (random.nextDouble() - 0.5);
        }
        owner.addSlopes(slopes);
        owner.update();
        if (step > STEPS / 2) {
          off = Math.max(off, Math.abs(mean(owner.bits()) - budget));
        }
      }
      worst = Math.max(worst, off);
      detail.append(String.format(Locale.ROOT, "%s: off by %.3f; ", budget, off));
    }
    return new CutTestRow(
        "4: the budget is held within 0.1 after the descent, under slopes that are noise",
        worst <= 0.1,
        detail + "6 bits in the beginning");
  }

  /** Gates under the expected error of uniform quantization, some channels weighing more. */
  private List<CutTestRow> adaptivity() {
    double[] weights = weights();
    float[] bits = settle(weights);
    double[] others = weights();
    float[] otherBits = settle(others);
    double important = meanWhere(weights, bits, true);
    double rest = meanWhere(weights, bits, false);
    double old = meanWhere(weights, otherBits, true) - meanWhere(weights, otherBits, false);
    return List.of(
        new CutTestRow(
            "5: channels that weigh 100 times more get more bits",
            important - rest > 2 && Math.abs(mean(bits) - 3.77) <= 0.1,
            String.format(
                Locale.ROOT,
                "mean 7.28 to %.2f in %d steps; %d important channels %.2f, the others %.2f",
                mean(bits),
                STEPS,
                IMPORTANT,
                important,
                rest)),
        new CutTestRow(
            "5: other channels that weigh more, no memory of the first ones",
            Math.abs(old) < 1.5,
            String.format(Locale.ROOT, "by the first weights they differ by %.2f bits", old)));
  }

  private double[] weights() {
    var weights = new double[CHANNELS];
    Arrays.fill(weights, 1);
    for (int left = IMPORTANT; left > 0; ) {
      int c = random.nextInt(CHANNELS);
      if (weights[c] == 1) {
        weights[c] = WEIGHT;
        left--;
      }
    }
    return weights;
  }

  private float[] settle(double[] weights) {
    LearnedCodec owner = codecs.open("amaq", plan(3.77, 7.28));
    for (int step = 0; step < STEPS; step++) {
      float[] bits = owner.bits();
      var slopes = new float[CHANNELS];
      for (int c = 0; c < CHANNELS; c++) {
        slopes[c] = (float) (-LN4 * weights[c] * StrictMath.pow(4, -bits[c]) / 12);
      }
      owner.addSlopes(slopes);
      owner.update();
    }
    return owner.bits();
  }

  private static double meanWhere(double[] weights, float[] bits, boolean important) {
    double sum = 0;
    int count = 0;
    for (int c = 0; c < CHANNELS; c++) {
      if (weights[c] > 1 == important) {
        sum += bits[c];
        count++;
      }
    }
    return sum / count;
  }

  private CutTestRow sameBits() {
    CutPlan plan = plan(3, 6);
    LearnedCodec owner = codecs.open("amaq", plan);
    LearnedPeer peer = codecs.openPeer("amaq", plan);
    LearnedPeer undisturbed = codecs.openPeer("amaq", plan);
    var bytes = new byte[owner.maxEncodedLength(ROWS)];
    var received = new float[ROWS * CHANNELS];
    var expected = new float[ROWS * CHANNELS];
    var gradients = new float[ROWS * CHANNELS];
    int tables = 0;
    int asked = 0;
    int different = 0;
    for (int message = 0; message < MESSAGES; message++) {
      float[] values = values();
      CutRows rows = CutRows.ordinary(message, ROWS);
      byte[] table = owner.takeTable();
      if (table.length > 0) {
        undisturbed.acceptTable(table, 0, table.length);
        if (++tables != 5) {
          asked += accept(owner, peer, table);
        }
      }
      int length = owner.encode(rows, values, 0, bytes, 0);
      undisturbed.decode(bytes, 0, length, expected, 0);
      try {
        peer.decode(bytes, 0, length, received, 0);
      } catch (UnknownTableException e) {
        asked++;
        byte[] answer = owner.answer(peer.request(e.version()));
        peer.acceptTable(answer, 0, answer.length);
        peer.decode(bytes, 0, length, received, 0);
      }
      different += Arrays.equals(received, expected) ? 0 : 1;
      int back = peer.encodeGradient(rows, values(), 0, bytes, 0);
      owner.decodeGradient(rows, bytes, 0, back, gradients, 0);
      owner.feedback(rows, values, 0, gradients, 0);
      owner.update();
    }
    return new CutTestRow(
        "7: the same bits after 1,000 messages, with table changes and one dropped",
        different == 0 && asked > 0,
        tables + " tables, " + asked + " asked for, " + different + " messages differ");
  }

  /** Takes a table, and the one that it changes if that is missing; returns how many were asked. */
  private static int accept(LearnedCodec owner, LearnedPeer peer, byte[] table) {
    try {
      peer.acceptTable(table, 0, table.length);
      return 0;
    } catch (UnknownTableException e) {
      byte[] answer = owner.answer(peer.request(e.version()));
      peer.acceptTable(answer, 0, answer.length);
      peer.acceptTable(table, 0, table.length);
      return 1;
    }
  }
}
