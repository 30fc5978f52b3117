package io.tributary.codecs.amaqec;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/** What the messages of one direction may cost, and the coder that keeps to it. One thread. */
final class AmaqecBudget {
  static final double LEAST_BITS = 0.1;
  static final double MOST_BITS = 12;

  /** What is owed is paid back over so many messages. */
  private static final double PATIENCE = 4;

  /** A message takes between this part of the budget and so many times it. */
  private static final double SWING = 2;

  private static final double MOST_CORRECTION = 4;

  private final CodecRegistry codecs;
  private final double budget;
  private final String rounding;
  private double owed;

  /**
   * What the coder is asked for, in relation to what it shall take: it misses some kinds of data.
   */
  private double correction = 1;

  private double wanted;

  private AmaqecBudget(CodecRegistry codecs, double budget, String rounding) {
    this.codecs = codecs;
    this.budget = budget;
    this.rounding = rounding;
  }

  /** The budget of activations, rounded to the nearest code. */
  static AmaqecBudget ofActivations(CodecRegistry codecs, double budget) {
    return new AmaqecBudget(codecs, budget, "");
  }

  /** The budget of gradients, whose errors must be zero in the mean. */
  static AmaqecBudget ofGradients(CodecRegistry codecs, double budget) {
    return new AmaqecBudget(codecs, budget, "-stochastic");
  }

  /** The coder of a message of so many values. */
  TensorCodec coder(int values) {
    double goal = budget - owed / PATIENCE / Math.max(1, values);
    wanted = Math.max(budget / SWING, Math.min(goal, budget * SWING));
    double met = Math.max(LEAST_BITS, Math.min(wanted * correction, MOST_BITS));
    // Two places, so that the registry doesn't make a codec for every message of a run.
    return codecs.codec(String.format(Locale.ROOT, "ecq:%.2fb%s", met, rounding));
  }

  /** Any coder, to decode with. */
  static TensorCodec decoder(CodecRegistry codecs) {
    return codecs.codec("ecq");
  }

  /** Takes note of a message. */
  void spend(int bytes, int values) {
    double bits = (double) Byte.SIZE * bytes;
    owed += bits - budget * values;
    if (values > 0) {
      double off = Math.sqrt(wanted * values / bits);
      correction = Math.max(1 / MOST_CORRECTION, Math.min(correction * off, MOST_CORRECTION));
    }
  }

  /** Takes note of a side message. */
  void spendBeside(int bytes) {
    owed += (double) Byte.SIZE * bytes;
  }

  void save(DataOutput out) throws IOException {
    out.writeDouble(owed);
    out.writeDouble(correction);
  }

  void restore(DataInput in) throws IOException {
    owed = in.readDouble();
    correction = in.readDouble();
  }
}
