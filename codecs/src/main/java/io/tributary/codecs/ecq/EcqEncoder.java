package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.ALPHABET;
import static io.tributary.codecs.ecq.EcqLayout.BLOCK;
import static io.tributary.codecs.ecq.EcqLayout.INT;
import static io.tributary.codecs.ecq.EcqLayout.MAX_CODE;
import static io.tributary.codecs.ecq.EcqLayout.ZERO;

/** Encodes chunks one after the other; keeps nothing of one for the next but its arrays. */
final class EcqEncoder {
  /** How often a chunk may miss a relative error before it travels as float32. */
  private static final int MOST_TRIES = 8;

  private static final double CLOSER = 0.99;

  /** Classes must save so many bits a value for the step to be chosen anew. */
  private static final double WORTH_ANOTHER_TURN = 0.01;

  /** A code gets a place in the tables if it is at least as frequent as one in so many. */
  private static final int RARE = 1 << 14;

  /** The values that a seed comes from. */
  private static final int SEED_VALUES = 256;

  private final EcqRateControl control = new EcqRateControl();
  private final EcqPlan plan = new EcqPlan();
  private final EcqClasses classing = new EcqClasses();
  private final EcqTables tables = new EcqTables();
  private final EcqBinaryCoder coder = new EcqBinaryCoder();
  private final EcqStates streams = new EcqStates();
  private byte[] codes = new byte[0];
  private byte[] stream = new byte[0];
  private byte[] classes = new byte[0];
  private int[] sums = new int[0];
  private int[] peaks = new int[0];

  static int maxLength(int count) {
    return Math.toIntExact(1 + (long) Float.BYTES * count);
  }

  private void reserve(int count) {
    if (codes.length < count) {
      codes = new byte[count];
      stream = new byte[EcqRans.maxLength(count) + Integer.BYTES * EcqStates.MANY];
      classes = new byte[EcqLayout.blocks(count)];
      sums = new int[classes.length];
      peaks = new int[classes.length];
    }
  }

  /**
   * Encodes finite values.
   *
   * @param largest the pattern of the largest magnitude
   * @return the bytes written, at most {@link #maxLength}
   */
  int encode(
      EcqKernel kernel,
      EcqTarget goal,
      int largest,
      float[] source,
      int from,
      int count,
      byte[] target,
      int at) {
    if (largest == 0) {
      target[at] = EcqLayout.FORM_ZEROS;
      return 1;
    }
    reserve(count);
    float magnitude = Float.intBitsToFloat(largest);
    control.sample(source, from, count, largest);
    plan.stochastic = goal.stochastic();
    plan.seed = plan.stochastic ? seed(source, from, count) : 0;
    control.choose(goal, count, 0, magnitude, plan);
    int length = 0;
    for (int turn = 0; turn < MOST_TRIES && plan.acceptsStep(); turn++) {
      quantize(kernel, source, from, count);
      classing.choose(codes, count, sums, classes);
      if (turn == 0 && goal.kind() == EcqTarget.Kind.BITS) {
        double gain = classing.saved / count;
        if (gain > WORTH_ANOTHER_TURN) {
          control.choose(goal, count, gain, magnitude, plan);
          continue;
        }
      }
      if (goal.kind() == EcqTarget.Kind.RELATIVE) {
        double off = error(source, from, count) / goal.value();
        if (off > 1) {
          plan.setStep(plan.step * CLOSER / off);
          continue;
        }
      }
      length = write(kernel, goal, source, from, count, target, at);
      break;
    }
    return length > 0 ? length : writeRaw(source, from, count, target, at);
  }

  /**
   * Another one for other values, so that no place of a chunk has the same noise all the time; the
   * same for the same, so that they always have the same bytes.
   */
  private static int seed(float[] source, int from, int count) {
    int seed = count;
    int stride = count / SEED_VALUES + 1;
    for (int i = from; i < from + count; i += stride) {
      seed = 31 * seed + Float.floatToRawIntBits(source[i]);
    }
    return seed;
  }

  private void quantize(EcqKernel kernel, float[] source, int from, int count) {
    if (plan.shift == 0) {
      kernel.quantize(source, from, count, plan, codes, sums, peaks);
      return;
    }
    for (int block = 0; block < EcqLayout.blocks(count); block++) {
      int sum = 0;
      int peak = 0;
      for (int i = BLOCK * block; i < Math.min(count, BLOCK * (block + 1)); i++) {
        int code = plan.code(source[from + i], i) >> plan.shift;
        int magnitude = Math.min(Math.abs(code), MAX_CODE + 1);
        sum += magnitude;
        peak = Math.max(peak, magnitude);
        codes[i] = (byte) (ZERO + (code < 0 ? -magnitude : magnitude));
      }
      sums[block] = sum;
      peaks[block] = peak;
    }
  }

  private double error(float[] source, int from, int count) {
    double error = 0;
    double energy = 0;
    for (int i = 0; i < count; i++) {
      double x = source[from + i];
      double off = x - plan.value(plan.code(source[from + i], i));
      error += off * off;
      energy += x * x;
    }
    return Math.sqrt(error / energy);
  }

  private int write(
      EcqKernel kernel,
      EcqTarget goal,
      float[] source,
      int from,
      int count,
      byte[] target,
      int at) {
    double bound = goal.kind() == EcqTarget.Kind.ABSOLUTE ? goal.value() : Double.MAX_VALUE;
    int[] counts = classing.counts();
    int limit = limit(counts, count);
    coder.startEncoding();
    coder.encodeEvenly(limit, Byte.SIZE);
    // Before the tables, because exceptions change the counts.
    writeExceptions(source, from, count, limit, bound, counts);
    double bits = 0;
    for (int group = 0; group < classing.number; group++) {
      tables.normalize(counts, group * ALPHABET, limit, group);
      tables.write(coder, group, limit);
      tables.prepareEncoder(group, limit);
      bits += tables.bits(counts, group * ALPHABET, limit, group);
    }
    writeMap(count);
    int side = coder.finishEncoding();
    streams.start(bits < EcqStates.BITS_FOR_MANY ? EcqStates.FEW : EcqStates.MANY);
    int begin =
        kernel.encode(streams, codes, count, classes, tables.entries, stream, stream.length)
            - streams.bytes();
    streams.write(stream, begin);
    int low = lowBytes(count, plan.shift);
    int coded = stream.length - begin;
    long length = (long) EcqLayout.HEADER_BYTES + side + low + coded;
    if (length > maxLength(count) || side > EcqLayout.MAX_SIDE_LENGTH) {
      return 0;
    }
    target[at] =
        (byte)
            (streams.streams == EcqStates.FEW
                ? EcqLayout.FORM_FEW_STREAMS
                : EcqLayout.FORM_MANY_STREAMS);
    target[at + EcqLayout.SHIFT_OFFSET] = (byte) plan.shift;
    target[at + EcqLayout.CLASSES_OFFSET] = (byte) classing.number;
    System.arraycopy(plan.points, 0, target, at + EcqLayout.POINTS_OFFSET, EcqPlan.POINTS);
    INT.set(target, at + EcqLayout.STEP_OFFSET, Float.floatToRawIntBits(plan.step));
    for (int i = 0; i < 3; i++) {
      target[at + EcqLayout.SIDE_LENGTH_OFFSET + i] = (byte) (side >>> (Byte.SIZE * i));
    }
    int to = at + EcqLayout.HEADER_BYTES;
    System.arraycopy(coder.bytes(), 0, target, to, side);
    writeLow(source, from, count, target, to + side);
    System.arraycopy(stream, begin, target, to + side + low, coded);
    return (int) length;
  }

  /** The largest code that is worth a place in the tables. */
  private int limit(int[] counts, int count) {
    int least = 2 * Math.max(1, count / RARE);
    int limit = MAX_CODE;
    while (limit > 1) {
      int found = 0;
      for (int group = 0; group < classing.number; group++) {
        int zero = group * ALPHABET + ZERO;
        found += counts[zero + limit] + counts[zero - limit];
      }
      if (found >= least) {
        break;
      }
      limit--;
    }
    return limit;
  }

  private void writeExceptions(
      float[] source, int from, int count, int limit, double bound, int[] counts) {
    int next = 0;
    for (int block = 0; block < EcqLayout.blocks(count); block++) {
      if (peaks[block] <= limit && bound == Double.MAX_VALUE) {
        continue;
      }
      for (int i = BLOCK * block; i < Math.min(count, BLOCK * (block + 1)); i++) {
        int code = (codes[i] & 0xFF) - ZERO;
        if (Math.abs(code) > limit || isOff(source[from + i], i, bound)) {
          coder.encodeNumber(EcqBinaryCoder.GAPS, i - next);
          next = i + 1;
          writeException(source[from + i], i, limit, bound);
          int at = classes[block] * ALPHABET + ZERO;
          counts[at + code]--;
          counts[at]++;
          codes[i] = (byte) ZERO;
        }
      }
    }
    coder.encodeNumber(EcqBinaryCoder.GAPS, count - next);
  }

  private boolean isOff(float x, int place, double bound) {
    return bound < Double.MAX_VALUE
        && Math.abs((double) x - plan.value(plan.code(x, place))) > bound;
  }

  private void writeException(float x, int place, int limit, double bound) {
    int code = plan.code(x, place) >> plan.shift;
    int above = Math.abs(code) - limit - 1;
    if (above < 0 || above > EcqLayout.mostAbove(plan.shift) || isOff(x, place, bound)) {
      coder.encodeBit(EcqBinaryCoder.RAW_FLAG, 1);
      int bits = Float.floatToRawIntBits(x);
      coder.encodeEvenly(bits >>> Short.SIZE, Short.SIZE);
      coder.encodeEvenly(bits, Short.SIZE);
    } else {
      coder.encodeBit(EcqBinaryCoder.RAW_FLAG, 0);
      coder.encodeBit(EcqBinaryCoder.SIGN, code < 0 ? 1 : 0);
      coder.encodeNumber(EcqBinaryCoder.EXCEPTIONS, above);
    }
  }

  private void writeMap(int count) {
    if (classing.number == 1) {
      return;
    }
    int before = 0;
    for (int block = 0; block < EcqLayout.blocks(count); block++) {
      int model = EcqBinaryCoder.CLASSES + EcqLayout.MAX_CLASSES * before;
      before = classes[block];
      coder.encodeBit(model, before >> 1);
      coder.encodeBit(model + 1 + (before >> 1), before & 1);
    }
  }

  /** The bytes of the plane of low bits. */
  static int lowBytes(int count, int shift) {
    return Math.toIntExact(((long) count * shift + 7) / 8);
  }

  private void writeLow(float[] source, int from, int count, byte[] target, int at) {
    if (plan.shift == 0) {
      return;
    }
    int mask = (1 << plan.shift) - 1;
    long bits = 0;
    int held = 0;
    int to = at;
    for (int i = 0; i < count; i++) {
      bits |= (long) (plan.code(source[from + i], i) & mask) << held;
      held += plan.shift;
      while (held >= Byte.SIZE) {
        target[to++] = (byte) bits;
        bits >>>= Byte.SIZE;
        held -= Byte.SIZE;
      }
    }
    if (held > 0) {
      target[to] = (byte) bits;
    }
  }

  private static int writeRaw(float[] source, int from, int count, byte[] target, int at) {
    target[at] = EcqLayout.FORM_RAW;
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToRawIntBits(source[from + i]);
      INT.set(target, at + 1 + Float.BYTES * i, bits);
    }
    return maxLength(count);
  }
}
