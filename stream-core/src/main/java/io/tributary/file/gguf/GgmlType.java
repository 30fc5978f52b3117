package io.tributary.file.gguf;

import io.tributary.file.PlainValues;
import io.tributary.file.ValueBlocks;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How ggml keeps values. Some types can be read as float32; of all others the size is known. */
public enum GgmlType {
  /** float32. */
  F32(0, PlainValues.F32),
  /** IEEE 754 half precision. */
  F16(1, PlainValues.F16),
  /** 4 bits, a scale for 32. */
  Q4_0(2, SmallBlocks.Q4_0),
  /** 4 bits, a scale and a minimum for 32. */
  Q4_1(3, SmallBlocks.Q4_1),
  /** 5 bits, a scale for 32. */
  Q5_0(6, SmallBlocks.Q5_0),
  /** 5 bits, a scale and a minimum for 32. */
  Q5_1(7, SmallBlocks.Q5_1),
  /** 8 bits, a scale for 32. */
  Q8_0(8, SmallBlocks.Q8_0),
  /** 8 bits, a scale and a sum for 32. */
  Q8_1(9, 32, 36),
  /** 2 bits, scales and minima of 4 bits for 16, and two numbers for 256. */
  Q2_K(10, SuperBlocks.Q2_K),
  /** 3 bits, scales of 6 bits for 16, and a number for 256. */
  Q3_K(11, SuperBlocks.Q3_K),
  /** 4 bits, scales and minima of 6 bits for 32, and two numbers for 256. */
  Q4_K(12, SuperBlocks.Q4_K),
  /** 5 bits, scales and minima of 6 bits for 32, and two numbers for 256. */
  Q5_K(13, SuperBlocks.Q5_K),
  /** 6 bits, scales of 8 bits for 16, and a number for 256. */
  Q6_K(14, SuperBlocks.Q6_K),
  /** 8 bits, a float32 and sums for 256. */
  Q8_K(15, 256, 292),
  /** Eights from a table. */
  IQ2_XXS(16, 256, 66),
  /** Eights from a table. */
  IQ2_XS(17, 256, 74),
  /** Fours from a table. */
  IQ3_XXS(18, 256, 98),
  /** Eights from a table. */
  IQ1_S(19, 256, 50),
  /** 4 bits for values that aren't evenly spaced. */
  IQ4_NL(20, 32, 18),
  /** Fours from a table. */
  IQ3_S(21, 256, 110),
  /** Eights from a table. */
  IQ2_S(22, 256, 82),
  /** 4 bits for values that aren't evenly spaced. */
  IQ4_XS(23, 256, 136),
  /** Whole numbers. */
  I8(24, 1, 1),
  /** Whole numbers. */
  I16(25, 1, 2),
  /** Whole numbers. */
  I32(26, 1, 4),
  /** Whole numbers. */
  I64(27, 1, 8),
  /** float64. */
  F64(28, 1, 8),
  /** Eights from a table. */
  IQ1_M(29, 256, 56),
  /** The upper half of a float32. */
  BF16(30, PlainValues.BF16),
  /** Three values. */
  TQ1_0(34, 256, 54),
  /** Three values. */
  TQ2_0(35, 256, 66),
  /** Floats of 4 bits, an exponent for 32. */
  MXFP4(39, 32, 17);

  private final int number;
  private final int blockValues;
  private final int blockBytes;

  @SuppressWarnings("ImmutableEnumChecker") // all of them are enums too
  private final @Nullable ValueBlocks blocks;

  GgmlType(int number, int blockValues, int blockBytes) {
    this.number = number;
    this.blockValues = blockValues;
    this.blockBytes = blockBytes;
    blocks = null;
  }

  GgmlType(int number, ValueBlocks blocks) {
    this.number = number;
    blockValues = blocks.blockValues();
    blockBytes = blocks.blockBytes();
    this.blocks = blocks;
  }

  /** The type's number in a file. */
  public int number() {
    return number;
  }

  /** The values of a block; a row is whole blocks. */
  public int blockValues() {
    return blockValues;
  }

  /** The bytes of a block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** How to read it as float32, or empty. */
  public Optional<ValueBlocks> blocks() {
    return Optional.ofNullable(blocks);
  }

  /** The type of a number, or empty. */
  public static Optional<GgmlType> of(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }
}
