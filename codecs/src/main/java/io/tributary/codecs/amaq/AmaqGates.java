package io.tributary.codecs.amaq;

import io.tributary.codec.CutPlan;
import io.tributary.codecs.channelwise.ChannelGrid;
import io.tributary.codecs.channelwise.ChannelMoments;
import io.tributary.error.Errors;
import io.tributary.store.FloatArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * A gate Q for each channel, and its bits {@code b = 2 + 6 * sigmoid(Q)}. Adam moves gates along
 * the task's gradient and a penalty on their mean.
 *
 * <p>The penalty is a hinge: none while the mean is within the schedule, else the same for every
 * channel. Its size is in units of the median of the channels' slopes, as the loss has no scale of
 * its own; it grows while the mean is too large and shrinks while it isn't, as a multiplier of a
 * constraint does, so that the budget is held whatever the slopes are.
 *
 * <p>Widths are bits rounded so that their sum is the rounded sum of the bits: those with the
 * largest fractions go up. Each by itself would be off by half a bit in the mean where channels are
 * alike.
 */
final class AmaqGates implements AmaqWidths {
  private static final double RANGE = ChannelGrid.MOST_BITS - ChannelGrid.LEAST_BITS;

  /** Beyond it a gate's derivative all but vanishes, so no gate begins there. */
  private static final double MOST_OPEN = 0.95;

  private static final double RATE = 0.01;

  /** How much faster gates may move than the descent needs. */
  private static final double HASTE = 1.5;

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-12;
  private static final double FIRST_PRESSURE = 0.5;
  private static final double LEAST_PRESSURE = 0.05;
  private static final double MOST_PRESSURE = 1e4;
  private static final double PRESSURE_STEP = 1.05;
  private static final double SCALE_DECAY = 0.9;

  private final AmaqSchedule schedule;
  private final double descentRate;
  private final boolean penalized;
  private final float[] gates;
  private final float[] mean;
  private final float[] square;
  private int steps;
  private double pressure = FIRST_PRESSURE;
  private double scale;

  AmaqGates(CutPlan plan) {
    this(plan, true);
  }

  /**
   * Gates of a plan.
   *
   * @param penalized whether there is a penalty at all
   */
  AmaqGates(CutPlan plan, boolean penalized) {
    if (plan.budgetBits() < ChannelGrid.LEAST_BITS || plan.startBits() > ChannelGrid.MOST_BITS) {
      throw Errors.invalidSetting(
          "bits a value of amaq", plan.budgetBits() + " from " + plan.startBits(), "2 to 8");
    }
    this.penalized = penalized;
    schedule = new AmaqSchedule(plan);
    double first = gateOf(plan.startBits());
    double last = gateOf(Math.max(plan.budgetBits(), ChannelGrid.LEAST_BITS + 0.05 * RANGE));
    descentRate = Math.max(RATE, HASTE * (first - last) / schedule.length());
    gates = new float[plan.channels()];
    mean = new float[plan.channels()];
    square = new float[plan.channels()];
    Arrays.fill(gates, (float) first);
  }

  private static double gateOf(double bits) {
    double share = Math.min(MOST_OPEN, (bits - ChannelGrid.LEAST_BITS) / RANGE);
    return StrictMath.log(share / (1 - share));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  double bits(int channel) {
    return ChannelGrid.LEAST_BITS + RANGE * sigmoid(gates[channel]);
  }

  @Override
  public float[] bits() {
    var bits = new float[gates.length];
    for (int c = 0; c < bits.length; c++) {
      bits[c] = (float) bits(c);
    }
    return bits;
  }

  double meanBits() {
    double sum = 0;
    for (int c = 0; c < gates.length; c++) {
      sum += bits(c);
    }
    return sum / gates.length;
  }

  @Override
  public boolean wantsSlopes() {
    return true;
  }

  @Override
  public void hear(ChannelMoments moments) {}

  @Override
  public void update(float[] slopes) {
    double penalty = penalty(slopes);
    double rate = schedule.isDescending(steps) ? descentRate : RATE;
    steps++;
    double correction1 = 1 - StrictMath.pow(BETA1, steps);
    double correction2 = 1 - StrictMath.pow(BETA2, steps);
    for (int c = 0; c < gates.length; c++) {
      double open = sigmoid(gates[c]);
      // In units of the median slope, so that float32 moments hold whatever the loss's size.
      double unit = RANGE * open * (1 - open) / (scale > 0 ? scale : 1);
      double task = unit * slopes[c];
      double total = task + unit * penalty;
      mean[c] = (float) (BETA1 * mean[c] + (1 - BETA1) * task);
      square[c] = (float) (BETA2 * square[c] + (1 - BETA2) * total * total);
      // The penalty has no momentum: it would go on pushing when the budget is met.
      double force = mean[c] / correction1 + unit * penalty;
      double step = force / (Math.sqrt(square[c] / correction2) + EPSILON);
      gates[c] = (float) (gates[c] - rate * step);
    }
  }

  private double penalty(float[] slopes) {
    var magnitudes = new float[slopes.length];
    for (int c = 0; c < slopes.length; c++) {
      magnitudes[c] = Math.abs(slopes[c]);
    }
    Arrays.sort(magnitudes);
    double median = magnitudes[magnitudes.length / 2];
    scale = scale > 0 ? SCALE_DECAY * scale + (1 - SCALE_DECAY) * median : median;
    if (!penalized) {
      return 0;
    }
    if (meanBits() <= schedule.at(steps)) {
      pressure = Math.max(LEAST_PRESSURE, pressure / PRESSURE_STEP);
      return 0;
    }
    double now = pressure * (scale > 0 ? scale : 1);
    pressure = Math.min(MOST_PRESSURE, pressure * PRESSURE_STEP);
    return now;
  }

  @Override
  public byte[] widths() {
    return round(bits());
  }

  /** Rounds bits so that the sum is kept; among equal fractions the first channels go up. */
  static byte[] round(float[] bits) {
    var widths = new byte[bits.length];
    var order = new Integer[bits.length];
    double sum = 0;
    int floors = 0;
    for (int c = 0; c < bits.length; c++) {
      widths[c] = (byte) Math.min(Math.floor(bits[c]), ChannelGrid.MOST_BITS);
      sum += bits[c];
      floors += widths[c];
      order[c] = c;
    }
    Arrays.sort(order, (a, b) -> Float.compare(bits[b] - widths[b], bits[a] - widths[a]));
    int up = (int) Math.rint(sum) - floors;
    for (int i = 0; i < order.length && up > 0; i++) {
      if (widths[order[i]] < ChannelGrid.MOST_BITS) {
        widths[order[i]]++;
        up--;
      }
    }
    return widths;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(steps);
    out.writeDouble(pressure);
    out.writeDouble(scale);
    FloatArrays.write(out, gates);
    FloatArrays.write(out, mean);
    FloatArrays.write(out, square);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    steps = in.readInt();
    pressure = in.readDouble();
    scale = in.readDouble();
    FloatArrays.read(in, gates);
    FloatArrays.read(in, mean);
    FloatArrays.read(in, square);
  }
}
