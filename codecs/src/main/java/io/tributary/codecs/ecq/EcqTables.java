package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.ALPHABET;
import static io.tributary.codecs.ecq.EcqLayout.FREQUENCY_SUM;
import static io.tributary.codecs.ecq.EcqLayout.MAX_CODE;
import static io.tributary.codecs.ecq.EcqLayout.ZERO;

import java.math.BigInteger;

/**
 * The frequencies of a chunk's codes, class by class, and the forms of them in which the entropy
 * coder works. Belongs to one thread.
 */
final class EcqTables {
  private static final int FREQUENCY_MASK = FREQUENCY_SUM - 1;

  /** The reciprocals of all frequencies, see {@link EcqRans#encode}. */
  private static final long[] RECIPROCALS = reciprocals();

  final int[] frequencies = new int[EcqLayout.MAX_CLASSES * ALPHABET];

  /** For each code its frequency, shift, complement and bias in one long. */
  final long[] steps = new long[frequencies.length];

  /** For each code what to multiply with instead of dividing by its frequency. */
  final long[] reciprocals = new long[frequencies.length];

  /** For each slot of each class: frequency, place among the slots of its code, code. */
  final int[] slots = new int[EcqLayout.MAX_CLASSES * FREQUENCY_SUM];

  private static long[] reciprocals() {
    var table = new long[FREQUENCY_SUM];
    table[1] = Long.MAX_VALUE;
    for (int f = 2; f < table.length; f++) {
      BigInteger power = BigInteger.ONE.shiftLeft(62 + bits(f));
      table[f] =
          power.add(BigInteger.valueOf(f - 1)).divide(BigInteger.valueOf(f)).longValueExact();
    }
    return table;
  }

  /** The least n with 2^n of at least f. */
  private static int bits(int f) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(f - 1);
  }

  /**
   * Turns counts into frequencies that add up to the sum. Codes within the limit that were not
   * counted get a frequency as well, because counts may be of a part of the chunk.
   *
   * @param counts how often each code occurs, {@link EcqLayout#ALPHABET} of them from {@code at}
   * @param limit the largest code of the table, at least 1
   */
  void normalize(int[] counts, int at, int limit, int group) {
    int to = group * ALPHABET + ZERO;
    long total = 0;
    for (int code = -limit; code <= limit; code++) {
      total += Math.max(1, counts[at + ZERO + code]);
    }
    int left = FREQUENCY_SUM;
    int largest = -limit;
    for (int code = -limit; code <= limit; code++) {
      long count = Math.max(1, counts[at + ZERO + code]);
      int frequency = (int) Math.max(1, (2 * count * FREQUENCY_SUM + total) / (2 * total));
      frequencies[to + code] = frequency;
      left -= frequency;
      if (frequency > frequencies[to + largest]) {
        largest = code;
      }
    }
    // What is missing goes to the most frequent code. What is too much, because rare codes were
    // rounded up, is taken from it in parts, for it may not have enough, and then it's another.
    while (left != 0) {
      int part = Math.max(left, -Math.max(1, frequencies[to + largest] / 8));
      frequencies[to + largest] += part;
      left -= part;
      for (int code = -limit; code <= limit; code++) {
        if (frequencies[to + code] > frequencies[to + largest]) {
          largest = code;
        }
      }
    }
  }

  /**
   * Writes one class's frequencies: first code 0, then 1, -1, 2, -2 and so on, each as the
   * difference to its neighbour nearer to zero or, for a negative code, to its mirror image.
   */
  void write(EcqBinaryCoder coder, int group, int limit) {
    int at = group * ALPHABET + ZERO;
    coder.encodeEvenly(frequencies[at], EcqLayout.FREQUENCY_BITS);
    for (int code = 1; code <= limit; code++) {
      writeDifference(
          coder, EcqBinaryCoder.FREQUENCIES, frequencies[at + code], frequencies[at + code - 1]);
      writeDifference(
          coder, EcqBinaryCoder.MIRRORED, frequencies[at - code], frequencies[at + code]);
    }
  }

  private static void writeDifference(EcqBinaryCoder coder, int kind, int actual, int expected) {
    int difference = actual - expected;
    coder.encodeNumber(kind, difference << 1 ^ difference >> 31);
  }

  private static int readFrequency(EcqBinaryCoder coder, int kind, int expected) {
    int folded = coder.decodeNumber(kind);
    return expected + (folded >>> 1 ^ -(folded & 1));
  }

  /**
   * Reads one class's frequencies.
   *
   * @return whether each is in range and they add up
   */
  boolean read(EcqBinaryCoder coder, int group, int limit) {
    int at = group * ALPHABET + ZERO;
    frequencies[at] = coder.decodeEvenly(EcqLayout.FREQUENCY_BITS);
    int sum = frequencies[at];
    for (int code = 1; code <= limit; code++) {
      int above = readFrequency(coder, EcqBinaryCoder.FREQUENCIES, frequencies[at + code - 1]);
      int below = readFrequency(coder, EcqBinaryCoder.MIRRORED, above);
      if ((above & ~FREQUENCY_MASK) != 0 || (below & ~FREQUENCY_MASK) != 0) {
        return false;
      }
      frequencies[at + code] = above;
      frequencies[at - code] = below;
      sum += above + below;
    }
    return sum == FREQUENCY_SUM;
  }

  /** Prepares the encoder's form of one class. */
  void prepareEncoder(int group, int limit) {
    int start = 0;
    for (int code = -limit; code <= limit; code++) {
      int at = group * ALPHABET + ZERO + code;
      int frequency = frequencies[at];
      if (frequency > 0) {
        int shift = frequency == 1 ? 0 : bits(frequency) - 1;
        int bias = frequency == 1 ? start + FREQUENCY_SUM - 1 : start;
        reciprocals[at] = RECIPROCALS[frequency];
        steps[at] =
            (long) frequency << 48
                | (long) shift << 32
                | (long) (FREQUENCY_SUM - frequency) << 16
                | bias;
        start += frequency;
      }
    }
  }

  /** Prepares the decoder's form of one class. */
  void prepareDecoder(int group, int limit) {
    int slot = group * FREQUENCY_SUM;
    for (int code = -limit; code <= limit; code++) {
      int frequency = frequencies[group * ALPHABET + ZERO + code];
      int entry = frequency << 20 | ZERO + code;
      for (int i = 0; i < frequency; i++) {
        slots[slot++] = entry | i << 8;
      }
    }
  }

  /** The largest code that a chunk may have tables for. */
  static boolean acceptsLimit(int limit) {
    return limit >= 1 && limit <= MAX_CODE;
  }
}
