package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import io.tributary.weights.pack.ScaleType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes blocks of one of ggml's types. For one thread. */
public abstract class BlockEncoder {
  private static final float MOST_HALF = 65504;

  private final GgmlType type;

  /** Blocks that are encoded together. */
  private final int together;

  /**
   * An encoder of a type.
   *
   * @param together blocks of a strip
   */
  BlockEncoder(GgmlType type, int together) {
    this.type = type;
    this.together = together;
  }

  /** The types that there are encoders of. */
  public static List<GgmlType> types() {
    return List.of(
        GgmlType.Q2_K,
        GgmlType.Q3_K,
        GgmlType.Q4_0,
        GgmlType.Q4_K,
        GgmlType.Q5_K,
        GgmlType.Q6_K,
        GgmlType.Q8_0);
  }

  /** A new encoder of one of the {@link #types}. */
  public static BlockEncoder of(GgmlType type) {
    return of(type, SmallBlockKernel.best(), GroupKernel.best());
  }

  static BlockEncoder of(GgmlType type, SmallBlockKernel blockKernel, GroupKernel kernel) {
    return switch (type) {
      case Q4_0, Q8_0 -> new SmallBlockEncoder(type, blockKernel, kernel);
      case Q2_K, Q4_K, Q5_K -> new AffineBlockEncoder(type, kernel);
      case Q3_K, Q6_K -> new SymmetricBlockEncoder(type, kernel);
      default -> throw new IllegalArgumentException(type + " has no encoder");
    };
  }

  /**
   * Encodes whole blocks, which are rows that follow each other.
   *
   * @param importance of each column, positive; as long as a row, which has whole blocks; null if
   *     all are equal
   */
  public final byte[] encode(float[] values, int at, int count, float @Nullable [] importance) {
    int blocks = count / type.blockValues();
    var target = new byte[blocks * type.blockBytes()];
    for (int block = 0; block < blocks; block += together) {
      int taken = Math.min(together, blocks - block);
      int from = block * type.blockValues();
      encode(values, at + from, taken, importance, from, target, block * type.blockBytes());
    }
    return target;
  }

  /**
   * Encodes a few blocks.
   *
   * @param place of the first value among all, from which its column follows
   * @param target all zeros where the blocks go
   */
  abstract void encode(
      float[] x,
      int at,
      int blocks,
      float @Nullable [] importance,
      int place,
      byte[] target,
      int to);

  /** Stores a number in half precision, in which it is made finite, and returns what was stored. */
  static float putHalf(float value, byte[] target, int at) {
    float finite = value > MOST_HALF ? MOST_HALF : value < -MOST_HALF ? -MOST_HALF : value;
    return ScaleType.F16.put(finite, target, at);
  }
}
