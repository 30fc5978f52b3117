package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.ALPHABET;
import static io.tributary.codecs.ecq.EcqLayout.BLOCK;
import static io.tributary.codecs.ecq.EcqLayout.LONG;
import static io.tributary.codecs.ecq.EcqLayout.MAX_CLASSES;
import static io.tributary.codecs.ecq.EcqLayout.MAX_CODE;
import static io.tributary.codecs.ecq.EcqLayout.ZERO;

import java.util.Arrays;

/**
 * Sorts a chunk's blocks into classes by the sum of their codes' magnitudes, so that codes are
 * coded with the frequencies of blocks like theirs. Belongs to one thread.
 *
 * <p>Sums are first sorted by octave. If they vary hardly more than sums of independent codes
 * would, that is all: one class. Otherwise neighbouring octaves are merged as long as that saves
 * bits, counting the codes, the tables and the map, and until there are few enough.
 */
final class EcqClasses {
  private static final int OCTAVES = 15;

  /** Variance of the sums, relative to independent codes, from which on classes are tried. */
  private static final double UNEVEN = 1.5;

  /** From so many values on, one in so many says enough of all. */
  private static final int LONG_CHUNK = 1 << 15;

  private static final int COUNTED = 2;

  /** Of chunks longer than this no more values are counted. */
  private static final int MOST_COUNTED_SHIFT = 20;

  /** What a code in a table costs, about: its frequency, and its share of the rounding. */
  private static final int BITS_OF_CODE = 7;

  private final int[] counts = new int[OCTAVES * ALPHABET];
  private final int[] lanes = new int[4 * ALPHABET];
  private final int[] blocksOf = new int[OCTAVES];
  private final double[] costs = new double[OCTAVES];
  private final double[] merged = new double[OCTAVES];
  private final int[] starts = new int[OCTAVES + 1];

  /** The number of classes. */
  int number;

  /** The bits that classes save. */
  double saved;

  /** How often each class's codes occur, {@link EcqLayout#ALPHABET} a class. */
  int[] counts() {
    return counts;
  }

  /** Counts codes and chooses the class of each block. */
  void choose(byte[] codes, int count, int[] sums, byte[] classes) {
    int blocks = EcqLayout.blocks(count);
    countAll(codes, count);
    saved = 0;
    number = 1;
    Arrays.fill(classes, 0, blocks, (byte) 0);
    if (uneven(sums, count)) {
      chooseSome(codes, count, sums, classes);
    }
  }

  /** Counts the codes, of a long chunk one in so many groups of them, as if it were so many. */
  private void countAll(byte[] codes, int count) {
    Arrays.fill(lanes, 0);
    int weight = count >= LONG_CHUNK ? Math.max(COUNTED, share(count)) : 1;
    int whole = count & -Long.BYTES;
    for (int i = 0; i < whole; i += weight * Long.BYTES) {
      long eight = (long) LONG.get(codes, i);
      lanes[(int) eight & 0xFF]++;
      lanes[ALPHABET + ((int) (eight >>> 8) & 0xFF)]++;
      lanes[2 * ALPHABET + ((int) (eight >>> 16) & 0xFF)]++;
      lanes[3 * ALPHABET + ((int) (eight >>> 24) & 0xFF)]++;
      lanes[(int) (eight >>> 32) & 0xFF]++;
      lanes[ALPHABET + ((int) (eight >>> 40) & 0xFF)]++;
      lanes[2 * ALPHABET + ((int) (eight >>> 48) & 0xFF)]++;
      lanes[3 * ALPHABET + (int) (eight >>> 56)]++;
    }
    for (int i = whole; i < count; i++) {
      lanes[codes[i] & 0xFF]++;
    }
    for (int i = 0; i < ALPHABET; i++) {
      int found =
          lanes[i] + lanes[ALPHABET + i] + lanes[2 * ALPHABET + i] + lanes[3 * ALPHABET + i];
      counts[i] = weight * found;
    }
  }

  /** One in how many is counted: an odd number, so that no row of a matrix is left out always. */
  private static int share(int count) {
    return count >> MOST_COUNTED_SHIFT | 1;
  }

  private boolean uneven(int[] sums, int count) {
    int blocks = count / BLOCK;
    if (blocks < 2 * MAX_CLASSES) {
      return false;
    }
    double mean = 0;
    double square = 0;
    for (int m = 1; m <= MAX_CODE + 1; m++) {
      double n = counts[ZERO + m] + (double) counts[ZERO - m];
      mean += m * n / count;
      square += (double) m * m * n / count;
    }
    double variance = 0;
    for (int i = 0; i < blocks; i++) {
      double off = sums[i] - BLOCK * mean;
      variance += off * off / blocks;
    }
    return variance > UNEVEN * BLOCK * (square - mean * mean);
  }

  private static int octave(int sum) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(sum);
  }

  private void chooseSome(byte[] codes, int count, int[] sums, byte[] classes) {
    int blocks = EcqLayout.blocks(count);
    blocksOf[0] = blocks;
    double alone = cost(0, -1, blocks);
    Arrays.fill(counts, 0);
    Arrays.fill(blocksOf, 0);
    int weight = share(count);
    for (int block = 0; block < blocks; block++) {
      int octave = octave(sums[block]);
      if (blocksOf[octave]++ % weight == 0) {
        for (int i = BLOCK * block; i < Math.min(count, BLOCK * (block + 1)); i++) {
          counts[octave * ALPHABET + (codes[i] & 0xFF)] += weight;
        }
      }
    }
    merge(blocks, alone);
    for (int block = 0; block < blocks; block++) {
      int octave = octave(sums[block]);
      int group = 0;
      while (group + 1 < number && starts[group + 1] <= octave) {
        group++;
      }
      classes[block] = (byte) group;
    }
  }

  /** Merges octaves; those of class k then lie from {@code starts[k]} on, counts at k. */
  private void merge(int blocks, double alone) {
    number = 0;
    for (int octave = 0; octave < OCTAVES; octave++) {
      if (blocksOf[octave] > 0) {
        move(octave, number);
        starts[number++] = octave;
      }
    }
    double total = 0;
    for (int i = 0; i < number; i++) {
      costs[i] = cost(i, -1, blocks);
      total += costs[i];
    }
    for (int i = 0; i + 1 < number; i++) {
      merged[i] = cost(i, i + 1, blocks);
    }
    while (number > 1) {
      int best = 0;
      for (int i = 1; i + 1 < number; i++) {
        if (loss(i) < loss(best)) {
          best = i;
        }
      }
      if (number <= MAX_CLASSES && loss(best) >= 0) {
        break;
      }
      total += loss(best);
      for (int i = 0; i < ALPHABET; i++) {
        counts[best * ALPHABET + i] += counts[(best + 1) * ALPHABET + i];
      }
      blocksOf[best] += blocksOf[best + 1];
      costs[best] = merged[best];
      for (int i = best + 1; i + 1 < number; i++) {
        move(i + 1, i);
        starts[i] = starts[i + 1];
        costs[i] = costs[i + 1];
        merged[i] = merged[i + 1];
      }
      number--;
      if (best > 0) {
        merged[best - 1] = cost(best - 1, best, blocks);
      }
      if (best + 1 < number) {
        merged[best] = cost(best, best + 1, blocks);
      }
    }
    saved = alone - total;
  }

  private double loss(int i) {
    return merged[i] - costs[i] - costs[i + 1];
  }

  private void move(int from, int to) {
    if (from != to) {
      System.arraycopy(counts, from * ALPHABET, counts, to * ALPHABET, ALPHABET);
      blocksOf[to] = blocksOf[from];
    }
  }

  /** Bits of the codes of one class or two taken together, with its table and its map entries. */
  private double cost(int one, int other, int blocks) {
    double bits = 0;
    long total = 0;
    for (int i = 1; i < ALPHABET; i++) {
      int n = counts[one * ALPHABET + i] + (other < 0 ? 0 : counts[other * ALPHABET + i]);
      if (n > 0) {
        bits += BITS_OF_CODE - n * EcqLog2.of(n);
        total += n;
      }
    }
    double members = blocksOf[one] + (other < 0 ? 0 : blocksOf[other]);
    return bits
        + total * EcqLog2.of((double) Math.max(1, total))
        + members * EcqLog2.of(blocks / members);
  }
}
