package io.tributary.weights.ggml;

import io.tributary.file.gguf.GgmlType;
import io.tributary.weights.pack.ScaleType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes blocks of one of ggml's types. For one thread. */
public abstract class BlockEncoder {
  /** Searches for this encoder's groups. */
  protected final ScaleSearch search = new ScaleSearch();

  private final GgmlType type;

  /** An encoder of a type. */
  protected BlockEncoder(GgmlType type) {
    this.type = type;
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
    return of(type, GroupKernel.best());
  }

  static BlockEncoder of(GgmlType type, GroupKernel kernel) {
    return switch (type) {
      case Q4_0, Q8_0 -> new SmallBlockEncoder(type);
      case Q2_K, Q4_K, Q5_K -> new AffineBlockEncoder(type, kernel);
      case Q3_K, Q6_K -> new SymmetricBlockEncoder(type, kernel);
      default -> throw new IllegalArgumentException(type + " has no encoder");
    };
  }

  /**
   * Encodes whole blocks.
   *
   * @param importance of each of these values, positive, from 0; null if all are equal
   */
  public final byte[] encode(float[] values, int at, int count, float @Nullable [] importance) {
    int blocks = count / type.blockValues();
    var target = new byte[blocks * type.blockBytes()];
    begin(values, at, blocks * type.blockValues(), importance);
    for (int i = 0; i < blocks; i++) {
      int from = i * type.blockValues();
      block(values, at + from, importance, from, target, i * type.blockBytes());
    }
    return target;
  }

  /** Does what is better done for all blocks at once. */
  protected void begin(float[] x, int at, int count, float @Nullable [] importance) {}

  /** Encodes a block; its importance, if any, and what was done before lie from {@code weighed}. */
  protected abstract void block(
      float[] x, int at, float @Nullable [] importance, int weighed, byte[] target, int to);

  /** Stores a number in half precision and returns what was stored. */
  static float putHalf(float value, byte[] target, int at) {
    ScaleType.F16.put(value, target, at);
    return ScaleType.F16.get(target, at);
  }

  /** The mean of the squares. */
  static float meanSquare(float[] x, int at, int count) {
    float sum = 0;
    for (int j = 0; j < count; j++) {
      sum += x[at + j] * x[at + j];
    }
    return sum / count;
  }

  /** Stores two-bit codes of 256 values: a byte holds one of each quarter of its half. */
  static void putTwoBits(byte[] codes, int from, byte[] target, int at) {
    for (int i = 0; i < 256; i++) {
      int place = at + i / 128 * 32 + i % 32;
      target[place] |= (byte) ((codes[from + i] & 3) << i % 128 / 32 * 2);
    }
  }
}
