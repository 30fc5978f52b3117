package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.ALPHABET;
import static io.tributary.codecs.ecq.EcqLayout.BLOCK_SHIFT;
import static io.tributary.codecs.ecq.EcqLayout.FREQUENCY_BITS;
import static io.tributary.codecs.ecq.EcqLayout.FREQUENCY_SUM;
import static io.tributary.codecs.ecq.EcqLayout.SHORT;
import static io.tributary.codecs.ecq.EcqStates.LOWEST;

/**
 * The definition of the entropy coder: interleaved range variants of asymmetric numeral systems
 * (Duda 2013, section 3), with states from 2^15 to 2^31 - 1. Code i belongs to stream i modulo
 * their number.
 *
 * <p>States spill and take words of 16 bits. A frequency takes at most 12 bits of a state, which
 * keeps 3 or more, so that one word a code is always enough: what a state does depends on no jump,
 * and a vector of them goes the same way in all lanes.
 */
final class EcqRans {
  /** How far a state may grow: to a frequency shifted by so much. */
  static final int LIMIT_SHIFT = 31 - FREQUENCY_BITS;

  static final int SLOT_MASK = FREQUENCY_SUM - 1;

  /** In an entry of {@link EcqTables#slots}, from where the frequency stands. */
  static final int SLOT_FREQUENCY_SHIFT = 20;

  /** And from where the place among the slots of the same code. */
  static final int SLOT_PLACE_SHIFT = 8;

  private static final int WORD_MASK = 0xFFFF;

  private EcqRans() {}

  /** The most bytes of words for so many codes. */
  static int maxLength(int count) {
    return Math.multiplyExact(Short.BYTES, count);
  }

  /**
   * Encodes codes {@code from} to {@code to - 1} backwards, so that decoding goes forwards.
   *
   * @param codes codes as unsigned bytes
   * @param classes the class of each block
   * @param entries for each code of each class, its first slot and its frequency
   * @param end where the words are to end in {@code target}
   * @return where they begin
   */
  static int encode(
      EcqStates streams,
      byte[] codes,
      int from,
      int to,
      byte[] classes,
      int[] entries,
      byte[] target,
      int end) {
    int[] states = streams.states;
    int stream = streams.streams - 1;
    int at = end;
    for (int i = to - 1; i >= from; i--) {
      int entry = entries[classes[i >> BLOCK_SHIFT] * ALPHABET + (codes[i] & 0xFF)];
      int frequency = entry & SLOT_MASK;
      int state = states[i & stream];
      if (state >= frequency << LIMIT_SHIFT) {
        at -= Short.BYTES;
        SHORT.set(target, at, (short) state);
        state >>>= Short.SIZE;
      }
      states[i & stream] =
          ((state / frequency) << FREQUENCY_BITS) + state % frequency + (entry >>> FREQUENCY_BITS);
    }
    return at;
  }

  /**
   * Decodes codes {@code from} to {@code to - 1}.
   *
   * @param next where the next word lies
   * @param end where words end
   * @param slots what {@link EcqTables#slots} says
   * @return where the next word lies then, or -1 if there were too few
   */
  static int decode(
      EcqStates streams,
      byte[] source,
      int next,
      int end,
      byte[] codes,
      int from,
      int to,
      byte[] classes,
      int[] slots) {
    int[] states = streams.states;
    int stream = streams.streams - 1;
    int at = next;
    for (int i = from; i < to; i++) {
      int state = states[i & stream];
      int slot = slots[classes[i >> BLOCK_SHIFT] * FREQUENCY_SUM + (state & SLOT_MASK)];
      state =
          (slot >>> SLOT_FREQUENCY_SHIFT) * (state >>> FREQUENCY_BITS)
              + (slot >>> SLOT_PLACE_SHIFT & SLOT_MASK);
      codes[i] = (byte) slot;
      if (state < LOWEST) {
        if (at > end - Short.BYTES) {
          return -1;
        }
        state = state << Short.SIZE | ((short) SHORT.get(source, at) & WORD_MASK);
        at += Short.BYTES;
      }
      states[i & stream] = state;
    }
    return at;
  }
}
