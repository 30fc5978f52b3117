package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.ALPHABET;
import static io.tributary.codecs.ecq.EcqLayout.BLOCK_SHIFT;
import static io.tributary.codecs.ecq.EcqLayout.FREQUENCY_BITS;
import static io.tributary.codecs.ecq.EcqLayout.FREQUENCY_SUM;
import static io.tributary.codecs.ecq.EcqLayout.INT;
import static io.tributary.codecs.ecq.EcqLayout.LONG;

/**
 * The entropy coder: four interleaved range variants of asymmetric numeral systems (Duda 2013,
 * section 3), with states from 2^30 to 2^62 - 1.
 *
 * <p>A group of eight codes takes two steps in each state: state k has codes k and k + 4. Words of
 * 32 bits move between state and bytes once for both steps, not after each: two steps multiply a
 * state by at most 2^24, which the 30 bits below the words leave room for. That halves the jumps
 * that no processor can foresee; coding both ways then costs the same for every rate.
 *
 * <p>Encoding divides by a frequency f without a division: with n the least number for which 2^n is
 * at least f, {@code x / f} is {@code x * ceil(2^(62+n) / f) >> 62 + n} for every x below 2^62
 * (Granlund and Montgomery 1994, theorem 4.2). For f = 1 the reciprocal 2^63 - 1 gives x - 1, which
 * the bias makes good.
 */
final class EcqRans {
  static final int STATES = 4;
  static final int STATES_BYTES = STATES * Long.BYTES;

  /** Codes that are coded together. */
  static final int GROUP = 8;

  private static final int GROUP_SHIFT = 3;
  private static final int STATE_BITS = 62;

  private static final long LOWEST = 1L << 30;
  private static final int LIMIT_SHIFT = STATE_BITS - 2 * FREQUENCY_BITS;
  private static final long WORD_MASK = 0xFFFF_FFFFL;
  private static final int SLOT_MASK = FREQUENCY_SUM - 1;
  private static final int FIELD = 0xFFFF;

  private EcqRans() {}

  /** The most bytes for so many codes. */
  static int maxLength(int codes) {
    return STATES_BYTES + codes / 2 * 3 + 2 * Integer.BYTES;
  }

  /**
   * Encodes backwards, so that decoding goes forwards.
   *
   * @param codes codes as unsigned bytes, a multiple of {@link #GROUP}
   * @param classes the class of each block
   * @param end where the bytes are to end in {@code target}
   * @return where they begin
   */
  static int encode(
      byte[] codes, int count, byte[] classes, EcqTables tables, byte[] target, int end) {
    long[] steps = tables.steps;
    long[] reciprocals = tables.reciprocals;
    long x0 = LOWEST;
    long x1 = LOWEST;
    long x2 = LOWEST;
    long x3 = LOWEST;
    int at = end;
    for (int i = count - GROUP; i >= 0; i -= GROUP) {
      int base = classes[i >> BLOCK_SHIFT] * ALPHABET;
      int high3 = base + (codes[i + 7] & 0xFF);
      int low3 = base + (codes[i + 3] & 0xFF);
      long highStep3 = steps[high3];
      long lowStep3 = steps[low3];
      if (x3 >= (highStep3 >>> 48) * (lowStep3 >>> 48) << LIMIT_SHIFT) {
        at -= Integer.BYTES;
        INT.set(target, at, (int) x3);
        x3 >>>= Integer.SIZE;
      }
      x3 +=
          (highStep3 & FIELD)
              + (Math.multiplyHigh(x3 << 1, reciprocals[high3]) >> (highStep3 >>> 32))
                  * (highStep3 >>> 16 & FIELD);
      x3 +=
          (lowStep3 & FIELD)
              + (Math.multiplyHigh(x3 << 1, reciprocals[low3]) >> (lowStep3 >>> 32))
                  * (lowStep3 >>> 16 & FIELD);
      int high2 = base + (codes[i + 6] & 0xFF);
      int low2 = base + (codes[i + 2] & 0xFF);
      long highStep2 = steps[high2];
      long lowStep2 = steps[low2];
      if (x2 >= (highStep2 >>> 48) * (lowStep2 >>> 48) << LIMIT_SHIFT) {
        at -= Integer.BYTES;
        INT.set(target, at, (int) x2);
        x2 >>>= Integer.SIZE;
      }
      x2 +=
          (highStep2 & FIELD)
              + (Math.multiplyHigh(x2 << 1, reciprocals[high2]) >> (highStep2 >>> 32))
                  * (highStep2 >>> 16 & FIELD);
      x2 +=
          (lowStep2 & FIELD)
              + (Math.multiplyHigh(x2 << 1, reciprocals[low2]) >> (lowStep2 >>> 32))
                  * (lowStep2 >>> 16 & FIELD);
      int high1 = base + (codes[i + 5] & 0xFF);
      int low1 = base + (codes[i + 1] & 0xFF);
      long highStep1 = steps[high1];
      long lowStep1 = steps[low1];
      if (x1 >= (highStep1 >>> 48) * (lowStep1 >>> 48) << LIMIT_SHIFT) {
        at -= Integer.BYTES;
        INT.set(target, at, (int) x1);
        x1 >>>= Integer.SIZE;
      }
      x1 +=
          (highStep1 & FIELD)
              + (Math.multiplyHigh(x1 << 1, reciprocals[high1]) >> (highStep1 >>> 32))
                  * (highStep1 >>> 16 & FIELD);
      x1 +=
          (lowStep1 & FIELD)
              + (Math.multiplyHigh(x1 << 1, reciprocals[low1]) >> (lowStep1 >>> 32))
                  * (lowStep1 >>> 16 & FIELD);
      int high0 = base + (codes[i + 4] & 0xFF);
      int low0 = base + (codes[i + 0] & 0xFF);
      long highStep0 = steps[high0];
      long lowStep0 = steps[low0];
      if (x0 >= (highStep0 >>> 48) * (lowStep0 >>> 48) << LIMIT_SHIFT) {
        at -= Integer.BYTES;
        INT.set(target, at, (int) x0);
        x0 >>>= Integer.SIZE;
      }
      x0 +=
          (highStep0 & FIELD)
              + (Math.multiplyHigh(x0 << 1, reciprocals[high0]) >> (highStep0 >>> 32))
                  * (highStep0 >>> 16 & FIELD);
      x0 +=
          (lowStep0 & FIELD)
              + (Math.multiplyHigh(x0 << 1, reciprocals[low0]) >> (lowStep0 >>> 32))
                  * (lowStep0 >>> 16 & FIELD);
    }
    at -= STATES_BYTES;
    LONG.set(target, at, x0);
    LONG.set(target, at + 8, x1);
    LONG.set(target, at + 16, x2);
    LONG.set(target, at + 24, x3);
    return at;
  }

  /**
   * Decodes whole groups of codes to their values.
   *
   * @param states the four states, before and after
   * @param next where the next word lies
   * @param end where words end
   * @param first the first group, counted from the chunk's beginning
   * @param groups the number of groups
   * @param values the value of each code
   * @return where the next word lies then, or -1 if there were too few
   */
  static int decode(
      long[] states,
      byte[] source,
      int next,
      int end,
      int first,
      int groups,
      byte[] classes,
      int[] slots,
      float[] values,
      float[] target,
      int from) {
    long x0 = states[0];
    long x1 = states[1];
    long x2 = states[2];
    long x3 = states[3];
    int last = end - Integer.BYTES;
    for (int group = 0; group < groups; group++) {
      int base = classes[first + group >> BLOCK_SHIFT - GROUP_SHIFT] * FREQUENCY_SUM;
      int at = from + GROUP * group;
      int slot0 = slots[base | (int) x0 & SLOT_MASK];
      int slot1 = slots[base | (int) x1 & SLOT_MASK];
      int slot2 = slots[base | (int) x2 & SLOT_MASK];
      int slot3 = slots[base | (int) x3 & SLOT_MASK];
      x0 = (slot0 >>> 20) * (x0 >>> FREQUENCY_BITS) + (slot0 >>> 8 & SLOT_MASK);
      x1 = (slot1 >>> 20) * (x1 >>> FREQUENCY_BITS) + (slot1 >>> 8 & SLOT_MASK);
      x2 = (slot2 >>> 20) * (x2 >>> FREQUENCY_BITS) + (slot2 >>> 8 & SLOT_MASK);
      x3 = (slot3 >>> 20) * (x3 >>> FREQUENCY_BITS) + (slot3 >>> 8 & SLOT_MASK);
      target[at + 0] = values[slot0 & 0xFF];
      target[at + 1] = values[slot1 & 0xFF];
      target[at + 2] = values[slot2 & 0xFF];
      target[at + 3] = values[slot3 & 0xFF];
      slot0 = slots[base | (int) x0 & SLOT_MASK];
      slot1 = slots[base | (int) x1 & SLOT_MASK];
      slot2 = slots[base | (int) x2 & SLOT_MASK];
      slot3 = slots[base | (int) x3 & SLOT_MASK];
      x0 = (slot0 >>> 20) * (x0 >>> FREQUENCY_BITS) + (slot0 >>> 8 & SLOT_MASK);
      x1 = (slot1 >>> 20) * (x1 >>> FREQUENCY_BITS) + (slot1 >>> 8 & SLOT_MASK);
      x2 = (slot2 >>> 20) * (x2 >>> FREQUENCY_BITS) + (slot2 >>> 8 & SLOT_MASK);
      x3 = (slot3 >>> 20) * (x3 >>> FREQUENCY_BITS) + (slot3 >>> 8 & SLOT_MASK);
      target[at + 4] = values[slot0 & 0xFF];
      target[at + 5] = values[slot1 & 0xFF];
      target[at + 6] = values[slot2 & 0xFF];
      target[at + 7] = values[slot3 & 0xFF];
      if (x0 < LOWEST) {
        if (next > last) {
          return -1;
        }
        x0 = x0 << Integer.SIZE | (int) INT.get(source, next) & WORD_MASK;
        next += Integer.BYTES;
      }
      if (x1 < LOWEST) {
        if (next > last) {
          return -1;
        }
        x1 = x1 << Integer.SIZE | (int) INT.get(source, next) & WORD_MASK;
        next += Integer.BYTES;
      }
      if (x2 < LOWEST) {
        if (next > last) {
          return -1;
        }
        x2 = x2 << Integer.SIZE | (int) INT.get(source, next) & WORD_MASK;
        next += Integer.BYTES;
      }
      if (x3 < LOWEST) {
        if (next > last) {
          return -1;
        }
        x3 = x3 << Integer.SIZE | (int) INT.get(source, next) & WORD_MASK;
        next += Integer.BYTES;
      }
    }
    states[0] = x0;
    states[1] = x1;
    states[2] = x2;
    states[3] = x3;
    return next;
  }

  /** Reads the states that decoding begins with; returns whether they are in range. */
  static boolean readStates(byte[] source, int at, long[] states) {
    long all = 0;
    for (int k = 0; k < STATES; k++) {
      states[k] = (long) LONG.get(source, at + Long.BYTES * k);
      all |= states[k];
    }
    return all >>> STATE_BITS == 0;
  }

  /** Whether the states are those that encoding begins with. */
  static boolean atBeginning(long[] states) {
    boolean same = true;
    for (int k = 0; k < STATES; k++) {
      same &= states[k] == LOWEST;
    }
    return same;
  }
}
