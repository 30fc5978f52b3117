package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.ALPHABET;
import static io.tributary.codecs.ecq.EcqLayout.BLOCK_SHIFT;
import static io.tributary.codecs.ecq.EcqLayout.FREQUENCY_BITS;
import static io.tributary.codecs.ecq.EcqLayout.FREQUENCY_SUM;
import static io.tributary.codecs.ecq.EcqRans.LIMIT_SHIFT;
import static io.tributary.codecs.ecq.EcqRans.SLOT_FREQUENCY_SHIFT;
import static io.tributary.codecs.ecq.EcqRans.SLOT_MASK;
import static io.tributary.codecs.ecq.EcqRans.SLOT_PLACE_SHIFT;
import static io.tributary.codecs.ecq.EcqStates.LOWEST;
import static io.tributary.codecs.internal.SimdLanes.BYTES;
import static io.tributary.codecs.internal.SimdLanes.BYTES_OF_SHORTS;
import static io.tributary.codecs.internal.SimdLanes.FLOATS;
import static io.tributary.codecs.internal.SimdLanes.FOUR;
import static io.tributary.codecs.internal.SimdLanes.INTS;
import static io.tributary.codecs.internal.SimdLanes.LANES;
import static io.tributary.codecs.internal.SimdLanes.SHORTS;

import java.util.function.IntFunction;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The entropy coder by the Vector API: a lane is a stream. Words that lanes spill or take are moved
 * together, or apart, by tables of shuffles with one for each set of eight lanes; Java 17 has no
 * operation for that.
 *
 * <p>States lie in an array between steps: as variables of the loop they would become objects,
 * because the compiler doesn't know the shape of a vector that comes from two places. And vectors
 * of ints have the shape that all kernels use: with a second one around, the compiler no longer
 * knows, in any kernel, the shape of what a conversion returns.
 */
final class EcqRansSimdKernel {
  private static final VectorSpecies<Byte> EIGHT_WORDS = ByteVector.SPECIES_128;
  private static final int EIGHT = 8;
  private static final int EIGHT_BYTES = EIGHT * Short.BYTES;
  private static final int WORDS_BYTES = LANES * Short.BYTES;
  private static final int SET_MASK = 0xFF;

  /** Each lane's bit in a set of lanes. */
  private static final IntVector LANE_BITS =
      IntVector.broadcast(INTS, 1).lanewise(VectorOperators.LSHL, IntVector.zero(INTS).addIndex(1));

  private static final IntVector LEAST = IntVector.broadcast(INTS, LOWEST);

  /** For each set of lanes: moves these to the upper end, in order. */
  private static final VectorShuffle<Byte>[] SPILL = shuffles(EcqRansSimdKernel::spilling);

  /** For each set of lanes: gives each the next of the words that lie at the lower end. */
  private static final VectorShuffle<Byte>[] TAKE = shuffles(EcqRansSimdKernel::taking);

  /**
   * Added to a quotient below 2^19 it leaves the quotient less one, rounded, in the low bits of the
   * pattern.
   */
  private static final float ROUNDER_LESS_ONE = 0x1p23f - 1;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(0x1p23f);

  private EcqRansSimdKernel() {}

  /** The codes of a chunk that this class takes, the first ones: 0 or whole vectors. */
  static int whole(EcqStates streams, int count) {
    return FOUR || streams.streams % LANES != 0 ? 0 : count & -LANES;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a parameterized type
  private static VectorShuffle<Byte>[] shuffles(IntFunction<int[]> sources) {
    VectorShuffle[] table = new VectorShuffle[1 << EIGHT];
    for (int lanes = 0; lanes < table.length; lanes++) {
      int[] words = sources.apply(lanes);
      var bytes = new int[2 * EIGHT];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = 2 * words[i / 2] + i % 2;
      }
      table[lanes] = VectorShuffle.fromArray(EIGHT_WORDS, bytes, 0);
    }
    return table;
  }

  private static int[] spilling(int lanes) {
    var sources = new int[EIGHT];
    int to = EIGHT - Integer.bitCount(lanes);
    for (int lane = 0; lane < EIGHT; lane++) {
      if ((lanes >> lane & 1) != 0) {
        sources[to++] = lane;
      }
    }
    return sources;
  }

  private static int[] taking(int lanes) {
    var sources = new int[EIGHT];
    for (int lane = 0; lane < EIGHT; lane++) {
      sources[lane] = Integer.bitCount(lanes & (1 << lane) - 1);
    }
    return sources;
  }

  /**
   * As {@link EcqRans#encode}, codes 0 to {@code to - 1}.
   *
   * <p>Dividing a state x by a frequency f takes no division of integers: x is below 2^19 f, so the
   * product of x and 1/f in float32 is off by less than 1/8. Rounding it less one gives the
   * quotient or one less, and the remainder tells which.
   *
   * @param to a multiple of the lanes
   * @param target has 16 bytes at least before the words
   */
  static int encode(
      EcqStates streams,
      byte[] codes,
      int to,
      byte[] classes,
      int[] entries,
      byte[] target,
      int end) {
    int at = end;
    for (int last = to; last > 0; ) {
      int first = (last - 1) & -EcqStates.TILE;
      lookUp(streams, codes, first, last, classes, entries);
      at = encode(streams, first, last, target, at);
      last = first;
    }
    return at;
  }

  /** Finds the entries of a tile's codes, and their frequencies' reciprocals. */
  private static void lookUp(
      EcqStates streams, byte[] codes, int from, int to, byte[] classes, int[] entries) {
    int[] places = streams.places;
    for (int i = from; i < to; i += LANES) {
      int base = classes[i >> BLOCK_SHIFT] * ALPHABET;
      ((IntVector) ByteVector.fromArray(BYTES, codes, i).convertShape(VectorOperators.B2I, INTS, 0))
          .and(0xFF)
          .intoArray(places, 0);
      IntVector entry = IntVector.fromArray(INTS, entries, base, places, 0);
      entry.intoArray(streams.tile, i - from);
      FloatVector frequency =
          (FloatVector) entry.and(SLOT_MASK).convertShape(VectorOperators.I2F, FLOATS, 0);
      FloatVector.broadcast(FLOATS, 1f).div(frequency).intoArray(streams.reciprocals, i - from);
    }
  }

  /**
   * Encodes a tile whose entries have been looked up.
   *
   * <p>Apart from the look-up because a loop of more than about forty operations on vectors is more
   * than the compiler inlines: it then makes an object of a vector here and there, in some virtual
   * machines and not in others.
   */
  private static int encode(EcqStates streams, int from, int to, byte[] target, int end) {
    int[] states = streams.states;
    byte[] words = streams.words;
    int stream = streams.streams - 1;
    int at = end;
    for (int i = to - LANES; i >= from; i -= LANES) {
      IntVector state = IntVector.fromArray(INTS, states, i & stream);
      IntVector entry = IntVector.fromArray(INTS, streams.tile, i - from);
      IntVector frequency = entry.and(SLOT_MASK);
      IntVector spills =
          frequency
              .lanewise(VectorOperators.LSHL, LIMIT_SHIFT)
              .sub(1)
              .sub(state)
              .lanewise(VectorOperators.ASHR, 31);
      int lanes = spills.and(LANE_BITS).reduceLanes(VectorOperators.OR);
      ((ShortVector) state.convertShape(VectorOperators.I2S, SHORTS, 0))
          .reinterpretAsBytes()
          .intoArray(words, 0);
      if (LANES > EIGHT) {
        int upper = lanes >>> EIGHT;
        ByteVector.fromArray(EIGHT_WORDS, words, EIGHT_BYTES)
            .rearrange(SPILL[upper])
            .intoArray(target, at - EIGHT_BYTES);
        at -= Short.BYTES * Integer.bitCount(upper);
      }
      int lower = lanes & SET_MASK;
      ByteVector.fromArray(EIGHT_WORDS, words, 0)
          .rearrange(SPILL[lower])
          .intoArray(target, at - EIGHT_BYTES);
      at -= Short.BYTES * Integer.bitCount(lower);
      state = state.lanewise(VectorOperators.LSHR, spills.and(Short.SIZE));
      FloatVector reciprocal = FloatVector.fromArray(FLOATS, streams.reciprocals, i - from);
      IntVector quotient =
          ((FloatVector) state.convertShape(VectorOperators.I2F, FLOATS, 0))
              .fma(reciprocal, FloatVector.broadcast(FLOATS, ROUNDER_LESS_ONE))
              .reinterpretAsInts()
              .sub(ROUNDER_BITS);
      IntVector remainder = state.sub(quotient.mul(frequency));
      IntVector low = frequency.sub(1).sub(remainder).lanewise(VectorOperators.ASHR, 31);
      IntVector more = low.and(IntVector.broadcast(INTS, FREQUENCY_SUM).sub(frequency));
      quotient
          .lanewise(VectorOperators.LSHL, FREQUENCY_BITS)
          .add(entry.lanewise(VectorOperators.LSHR, FREQUENCY_BITS))
          .add(remainder)
          .add(more)
          .intoArray(states, i & stream);
    }
    return at;
  }

  /**
   * As {@link EcqRans#decode}, from code 0 on, as long as there are codes for whole vectors and
   * bytes to take words from.
   *
   * <p>{@link EcqStates#decoded} then says how far it came.
   *
   * @return where the next word lies
   */
  static int decode(
      EcqStates streams,
      byte[] source,
      int next,
      int end,
      byte[] codes,
      int to,
      byte[] classes,
      int[] slots) {
    int[] states = streams.states;
    int[] places = streams.places;
    byte[] words = streams.words;
    int stream = streams.streams - 1;
    int at = next;
    int i = 0;
    for (; i < to && at <= end - WORDS_BYTES; i += LANES) {
      IntVector state = IntVector.fromArray(INTS, states, i & stream);
      int base = classes[i >> BLOCK_SHIFT] * FREQUENCY_SUM;
      state.and(SLOT_MASK).intoArray(places, 0);
      IntVector slot = IntVector.fromArray(INTS, slots, base, places, 0);
      ((ByteVector) slot.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(codes, i);
      state =
          state
              .lanewise(VectorOperators.LSHR, FREQUENCY_BITS)
              .mul(slot.lanewise(VectorOperators.LSHR, SLOT_FREQUENCY_SHIFT))
              .add(slot.lanewise(VectorOperators.LSHR, SLOT_PLACE_SHIFT).and(SLOT_MASK));
      IntVector takes = state.sub(LEAST).lanewise(VectorOperators.ASHR, 31);
      int lanes = takes.and(LANE_BITS).reduceLanes(VectorOperators.OR);
      int lower = lanes & SET_MASK;
      ByteVector.fromArray(EIGHT_WORDS, source, at).rearrange(TAKE[lower]).intoArray(words, 0);
      at += Short.BYTES * Integer.bitCount(lower);
      if (LANES > EIGHT) {
        int upper = lanes >>> EIGHT;
        ByteVector.fromArray(EIGHT_WORDS, source, at)
            .rearrange(TAKE[upper])
            .intoArray(words, EIGHT_BYTES);
        at += Short.BYTES * Integer.bitCount(upper);
      }
      IntVector taken =
          (IntVector)
              ByteVector.fromArray(BYTES_OF_SHORTS, words, 0)
                  .reinterpretAsShorts()
                  .convertShape(VectorOperators.S2I, INTS, 0);
      state
          .lanewise(VectorOperators.LSHL, takes.and(Short.SIZE))
          .or(taken.and(0xFFFF).and(takes))
          .intoArray(states, i & stream);
    }
    streams.decoded = i;
    return at;
  }
}
