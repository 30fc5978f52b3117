package io.tributary.file.safetensors;

import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of the format. Some can be read as float32; of all others the size is known.
 */
public enum ElementType {
  /** float32. */
  F32(4, true),
  /** IEEE 754 half precision. */
  F16(2, true),
  /** The upper half of a float32. */
  BF16(2, true),
  /** float64. */
  F64(8, false),
  /** 8 bits, 4 of them exponent. */
  F8_E4M3(1, false),
  /** 8 bits, 5 of them exponent. */
  F8_E5M2(1, false),
  /** Integers with sign. */
  I64(8, false),
  /** Integers with sign. */
  I32(4, false),
  /** Integers with sign. */
  I16(2, false),
  /** Integers with sign. */
  I8(1, false),
  /** Integers without sign. */
  U64(8, false),
  /** Integers without sign. */
  U32(4, false),
  /** Integers without sign. */
  U16(2, false),
  /** Integers without sign. */
  U8(1, false),
  /** A byte, 0 or 1. */
  BOOL(1, false);

  private final int bytes;
  private final boolean readable;

  ElementType(int bytes, boolean readable) {
    this.bytes = bytes;
    this.readable = readable;
  }

  /** The bytes of an element. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements can be read as float32 without loss. */
  public boolean isReadable() {
    return readable;
  }

  /** The type that a header names, or empty. */
  static Optional<ElementType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
