package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.INT;

import java.util.Arrays;

/** The states of the entropy coder's streams. Belongs to one thread. */
final class EcqStates {
  /** Streams where speed counts. */
  static final int MANY = 32;

  /** Streams where states would weigh too much. */
  static final int FEW = 4;

  /** From so many bits of codes on, {@link #MANY} states are no more than 1.4 % of them. */
  static final int BITS_FOR_MANY = 1 << 16;

  /** The state that encoding begins with, and the least. */
  static final int LOWEST = 1 << 15;

  final int[] states = new int[MANY];

  /** Where vector kernels keep the places that they look up. */
  final int[] places = new int[MANY];

  /** Codes whose entries vector kernels look up at a time. */
  static final int TILE = 1024;

  /** These entries, see {@link EcqTables#entries}. */
  final int[] tile = new int[TILE];

  /** And one divided by their frequencies. */
  final float[] reciprocals = new float[TILE];

  /** And the words that a vector of states spills or takes. */
  final byte[] words = new byte[Short.BYTES * MANY];

  /** The number of streams, a power of two. */
  int streams;

  /** The codes that a vector kernel has decoded, all before the others. */
  int decoded;

  /** The bytes of the states. */
  int bytes() {
    return Integer.BYTES * streams;
  }

  /** Begins to encode with a number of streams. */
  void start(int number) {
    streams = number;
    Arrays.fill(states, 0, streams, LOWEST);
  }

  /** Writes the states. */
  void write(byte[] target, int at) {
    for (int i = 0; i < streams; i++) {
      INT.set(target, at + Integer.BYTES * i, states[i]);
    }
  }

  /** Reads the states of all streams; returns whether they are in range. */
  boolean read(byte[] source, int at) {
    boolean valid = true;
    for (int i = 0; i < streams; i++) {
      states[i] = (int) INT.get(source, at + Integer.BYTES * i);
      valid &= states[i] >= LOWEST;
    }
    return valid;
  }

  /** Whether the states are those that encoding begins with. */
  boolean atBeginning() {
    boolean same = true;
    for (int i = 0; i < streams; i++) {
      same &= states[i] == LOWEST;
    }
    return same;
  }
}
