package io.tributary.codecs.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of the SIMD kernels.
 *
 * <p>They are constants of a class because the compiler turns vector operations into instructions
 * only where it knows the shape. For the same reason kernels call vector operations directly and
 * keep helpers out of their loops: where a method has grown large, the compiler goes on inlining
 * the Vector API but no longer our methods, and each vector that crosses a call becomes an object.
 * To be touched by SIMD kernels alone. Safe for any thread.
 */
public final class SimdLanes {
  /** float32 lanes. */
  public static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(SimdSupport.bits()));

  /** As many int lanes. */
  public static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** The number of lanes of both: 4, 8 or 16. */
  public static final int LANES = FLOATS.length();

  /**
   * Whether there are four lanes. There is no vector of four bytes, so four bytes travel in an int.
   */
  public static final boolean FOUR = LANES == 4;

  /** As many byte lanes, unless there are {@link #FOUR}. */
  public static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, Byte.SIZE * LANES)));

  /** As many short lanes. */
  public static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Short.SIZE * LANES));

  /** The bytes of {@link #SHORTS}. */
  public static final VectorSpecies<Byte> BYTES_OF_SHORTS =
      VectorSpecies.of(byte.class, SHORTS.vectorShape());

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VectorSpecies<Long> LONGS =
      VectorSpecies.of(long.class, FLOATS.vectorShape());
  private static final IntVector TO_HIGHEST_BYTE =
      IntVector.fromArray(
          INTS, new int[] {1 << 24, 1 << 16, 1 << 8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0);

  private SimdLanes() {}

  /** Writes the lowest bytes. */
  public static void putBytes(IntVector lanes, byte[] target, int at) {
    if (FOUR) {
      putFourBytes(lanes, target, at);
    } else {
      ((ByteVector) lanes.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(target, at);
    }
  }

  /** Writes the low bytes of {@link #FOUR} lanes. */
  public static void putFourBytes(IntVector lanes, byte[] target, int at) {
    LongVector pairs = (LongVector) lanes.and(0xFF).reinterpretShape(LONGS, 0);
    LongVector packed = pairs.or(pairs.lanewise(VectorOperators.LSHR, 24));
    INT.set(target, at, ((int) packed.lane(0) & 0xFFFF) | (int) packed.lane(1) << 16);
  }

  /** Reads a byte into each of {@link #FOUR} lanes, with its sign. */
  public static IntVector getFourBytes(byte[] source, int at) {
    IntVector bytes = TO_HIGHEST_BYTE.mul((int) INT.get(source, at));
    return bytes.lanewise(VectorOperators.ASHR, 24);
  }
}
