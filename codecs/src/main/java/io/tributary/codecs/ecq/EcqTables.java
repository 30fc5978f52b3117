package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.ALPHABET;
import static io.tributary.codecs.ecq.EcqLayout.FREQUENCY_BITS;
import static io.tributary.codecs.ecq.EcqLayout.FREQUENCY_SUM;
import static io.tributary.codecs.ecq.EcqLayout.MAX_CODE;
import static io.tributary.codecs.ecq.EcqLayout.ZERO;

/**
 * The frequencies of a chunk's codes, class by class, and the forms of them in which the entropy
 * coder works. Belongs to one thread.
 */
final class EcqTables {
  private static final int FREQUENCY_MASK = FREQUENCY_SUM - 1;

  final int[] frequencies = new int[EcqLayout.MAX_CLASSES * ALPHABET];

  /** For each code of each class its first slot, shifted, and its frequency. */
  final int[] entries = new int[frequencies.length];

  /** For each slot of each class: frequency, place among the slots of its code, code. */
  final int[] slots = new int[EcqLayout.MAX_CLASSES * FREQUENCY_SUM];

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
    coder.encodeEvenly(frequencies[at], FREQUENCY_BITS);
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
    frequencies[at] = coder.decodeEvenly(FREQUENCY_BITS);
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

  /** The bits that codes take, so many of each. */
  double bits(int[] counts, int at, int limit, int group) {
    double bits = 0;
    for (int code = -limit; code <= limit; code++) {
      int frequency = frequencies[group * ALPHABET + ZERO + code];
      bits += counts[at + ZERO + code] * (FREQUENCY_BITS - EcqLog2.of(frequency));
    }
    return bits;
  }

  /** Prepares the encoder's form of one class. */
  void prepareEncoder(int group, int limit) {
    int start = 0;
    for (int code = -limit; code <= limit; code++) {
      int at = group * ALPHABET + ZERO + code;
      entries[at] = start << FREQUENCY_BITS | frequencies[at];
      start += frequencies[at];
    }
  }

  /** Prepares the decoder's form of one class. */
  void prepareDecoder(int group, int limit) {
    int slot = group * FREQUENCY_SUM;
    for (int code = -limit; code <= limit; code++) {
      int frequency = frequencies[group * ALPHABET + ZERO + code];
      int entry = frequency << EcqRans.SLOT_FREQUENCY_SHIFT | ZERO + code;
      for (int i = 0; i < frequency; i++) {
        slots[slot++] = entry | i << EcqRans.SLOT_PLACE_SHIFT;
      }
    }
  }

  /** The largest code that a chunk may have tables for. */
  static boolean acceptsLimit(int limit) {
    return limit >= 1 && limit <= MAX_CODE;
  }
}
