package io.tributary.codecs.amaq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.codec.CutPlan;
import io.tributary.codec.SeededRandom;
import io.tributary.codecs.channelwise.CutSamples;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AmaqGatesTest {
  private static final int CHANNELS = 64;
  private static final int STEPS = 600;

  @RegisterExtension final SeededRandom random = new SeededRandom();

  /** The derivative by bits of what uniform quantization is expected to cost: w 4^-b. */
  private static float[] slopesOf(AmaqGates gates, double[] importance) {
    var slopes = new float[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      double bits = gates.bits(c);
      slopes[c] = (float) (-2 * Math.log(2) * importance[c] * Math.pow(4, -bits) / 12);
    }
    return slopes;
  }

  private static CutPlan plan(double budget, double start) {
    return new CutPlan(CHANNELS, 16, budget, start, STEPS, 1);
  }

  private double[] importance(int important) {
    var importance = new double[CHANNELS];
    java.util.Arrays.fill(importance, 1);
    for (int left = important; left > 0; ) {
      int c = random.nextInt(CHANNELS);
      if (importance[c] == 1) {
        importance[c] = 100;
        left--;
      }
    }
    return importance;
  }

  @Test
  void importantChannelsKeepMoreBitsAndTheBudgetIsHeld() {
    double[] importance = importance(8);
    var gates = new AmaqGates(plan(3.77, 7.28));
    for (int step = 0; step < STEPS; step++) {
      gates.update(slopesOf(gates, importance));
    }
    double much = 0;
    double little = 0;
    for (int c = 0; c < CHANNELS; c++) {
      if (importance[c] > 1) {
        much += gates.bits(c) / 8;
      } else {
        little += gates.bits(c) / (CHANNELS - 8);
      }
    }
    assertThat(gates.meanBits()).isCloseTo(3.77, within(0.1));
    assertThat(much - little).isGreaterThan(2);
  }

  @Test
  void theBudgetIsHeldUnderNoise() {
    for (double budget : new double[] {2.5, 3, 4}) {
      var noise = new SplittableRandom(random.nextBits());
      var gates = new AmaqGates(plan(budget, 6));
      double worst = 0;
      for (int step = 0; step < STEPS; step++) {
        var slopes = new float[CHANNELS];
        for (int c = 0; c < CHANNELS; c++) {
          slopes[c] = 1e-6f * CutSamples.normal(noise);
        }
        gates.update(slopes);
        if (step > 0.35 * STEPS) {
          worst = Math.max(worst, gates.meanBits() - budget);
        }
      }
      assertThat(worst).as("above %s", budget).isLessThan(0.1);
      assertThat(sum(gates.widths())).isEqualTo((int) Math.rint(gates.meanBits() * CHANNELS));
    }
  }

  @Test
  void withoutAPenaltyBitsDoNotFall() {
    double[] importance = importance(8);
    var gates = new AmaqGates(plan(3, 6), false);
    double before = gates.meanBits();
    for (int step = 0; step < STEPS; step++) {
      gates.update(slopesOf(gates, importance));
    }
    assertThat(gates.meanBits()).isGreaterThanOrEqualTo(before);
  }

  @Test
  void roundingKeepsTheSumAndTheOrder() {
    float[] bits = {2.2f, 2.9f, 2.5f, 2.4f, 8f, 2f};
    assertThat(AmaqGates.round(bits)).containsExactly(2, 3, 3, 2, 8, 2);
    float[] alike = new float[10];
    java.util.Arrays.fill(alike, 2.62f);
    assertThat(sum(AmaqGates.round(alike))).isEqualTo(26);
  }

  private static int sum(byte[] widths) {
    int sum = 0;
    for (byte width : widths) {
      sum += width;
    }
    return sum;
  }
}
